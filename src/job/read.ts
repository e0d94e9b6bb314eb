/** Reading a job: a YAML or JSON file, or the options of a command line. */
import { parseDocument } from "yaml";
import { InputError } from "../ports/errors.ts";
import type { Job } from "./job.ts";
import { nameOf } from "./name.ts";
import { placedLines, problemsError, type Where } from "./problem.ts";
import { type JobText, readText } from "./text.ts";
import { validate } from "./validate.ts";

export interface ReadJob {
  readonly job: Job;
  /** Names of other libraries that were read as ours, each with its place. */
  readonly notes: readonly string[];
  /** The place of a path of the job, `features[0].imputer.inputs`; for checks that follow. */
  readonly where: Where;
}

/**
 * A job from the text of a YAML 1.2 or JSON file; `fileName` is shown in errors and names the model where the job does not.
 * InputError lists everything that is wrong, one a line: `churn.yaml:7:12: model.logisticRegression.regParam must be a number >= 0, got -1`.
 */
export const parseJob = (text: string, fileName: string): ReadJob => checkText(readText(text, fileName));

/** The same, of a text that has been read. */
export function checkText({ form, fileName, where, rename }: JobText): ReadJob {
  const validation = validate(form, nameOf(fileName));
  for (const { from, to } of validation.renamed) rename(from, to);
  return finish(validation, where);
}

/** A job that is plain data already; `what` names it in errors. InputError lists everything that is wrong. */
export const jobFromData = (form: unknown, what: string): ReadJob => finish(validate(form, "model"), () => what);

export interface JobOptions {
  readonly paths: readonly string[];
  readonly label: string;
  readonly positive?: string;
  readonly model: string;
  /** `regParam=0.1`, values as in YAML. */
  readonly params?: readonly string[];
  readonly metrics?: readonly string[];
  readonly exclude?: readonly string[];
  readonly name?: string;
  readonly output?: string;
}

/** A job without a file: `steplearn train data.csv --label churn --model logisticRegression`. InputError names the option. */
export function jobFromOptions(options: JobOptions): ReadJob {
  const { paths, label, positive, model, params = [], metrics, exclude, name, output } = options;
  const form = {
    data: { path: paths, ...(exclude && { exclude }) },
    label: { column: label, ...(positive !== undefined && { positive }) },
    model: { [model]: Object.fromEntries(params.map(parameter)) },
    ...(metrics && { metrics }),
    ...(name !== undefined && { name }),
    ...(output !== undefined && { output }),
  };
  return finish(validate(form, nameOf(paths[0] ?? "")), optionOf);
}

function finish({ job, problems, notes }: ReturnType<typeof validate>, where: Where): ReadJob {
  if (!job) throw problemsError(problems, where);
  return { job, where, notes: placedLines(notes, where, false) };
}

function parameter(text: string): [string, unknown] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InputError(`--param must be name=value, got ${JSON.stringify(text)}`);
  const document = parseDocument(text.slice(equals + 1));
  if (document.errors.length > 0) throw new InputError(`--param must be name=value with a YAML value, got ${JSON.stringify(text)}`);
  return [text.slice(0, equals), document.toJS()];
}

const OPTIONS: readonly (readonly [prefix: string, option: string])[] = [
  ["data.path", "data"],
  ["data.exclude", "--exclude"],
  ["label.positive", "--positive"],
  ["label", "--label"],
  ["metrics", "--metrics"],
  ["name", "--name"],
  ["output", "--output"],
];

/** The option behind a path; what lies deeper than the learner is one of its parameters. */
function optionOf(path: string): string {
  const option = OPTIONS.find(([prefix]) => path.startsWith(prefix))?.[1];
  return option ?? (path.split(".").length > 2 ? "--param" : "--model");
}
