/** From a job as written, with its defaults, to the job that the engine reads. */
import { defaultTuneMetric } from "../evaluation/names.ts";
import type { Stage } from "../features/params.ts";
import { type LearnerName, learnerTasks } from "../learners/params.ts";
import { DEFAULT_MISSING, type Job, type Split, type Tune } from "./job.ts";
import type { ParsedForm } from "./schema.ts";
import { settingsOf } from "./search-space.ts";

const DEFAULT_TEST_SHARE = 0.2;
const DEFAULT_SEED = 42;

/** `name` is the model's where the form gives none. */
export function normalise(form: ParsedForm, name: string): Job {
  const [learner, params] = onlyEntry(form.model) as [LearnerName, Readonly<Record<string, unknown>>];
  const finalName = form.name ?? name;
  return {
    name: finalName,
    data: dataOf(form.data),
    label: labelOf(form.label),
    ...(form.weight !== undefined && { weight: form.weight }),
    split: splitOf(form.split),
    features: form.features === "auto" ? "auto" : form.features.map(stageOf),
    model: { learner, params },
    ...(form.tune && { tune: tuneOf(form.tune, learner) }),
    metrics: form.metrics,
    output: form.output ?? `models/${finalName}`,
    limits: form.limits,
  };
}

const onlyEntry = (mapping: object): [string, unknown] => Object.entries(mapping)[0];

const listOf = (paths: string | readonly string[]): readonly string[] => (typeof paths === "string" ? [paths] : paths);

function dataOf(data: ParsedForm["data"]): Job["data"] {
  if (typeof data === "string") return { paths: [data], columns: {}, missing: DEFAULT_MISSING, exclude: [] };
  const { path, ...rest } = data;
  return { paths: listOf(path), ...rest };
}

function labelOf(label: ParsedForm["label"]): Job["label"] {
  if (typeof label === "string") return { column: label };
  const { column, positive } = label;
  return positive === undefined ? { column } : { column, positive: String(positive) };
}

function splitOf(split: ParsedForm["split"]): Split {
  if (split === undefined) return { kind: "share", test: DEFAULT_TEST_SHARE, seed: DEFAULT_SEED, stratify: false };
  if (split === "none") return { kind: "none", seed: DEFAULT_SEED, stratify: false };
  const { seed, stratify, groupBy } = split;
  return { ...splitKindOf(split), seed, stratify, ...(groupBy !== undefined && { groupBy }) };
}

function splitKindOf({ test, everyNth, testPath, column, after }: Exclude<NonNullable<ParsedForm["split"]>, "none">) {
  if (everyNth !== undefined) return { kind: "everyNth", n: everyNth } as const;
  if (testPath !== undefined) return { kind: "path", paths: listOf(testPath) } as const;
  if (column !== undefined && after !== undefined) return { kind: "after", column, from: String(after) } as const;
  if (column !== undefined) return { kind: "column", column } as const;
  return { kind: "share", test: test ?? DEFAULT_TEST_SHARE } as const;
}

function stageOf(form: object): Stage {
  const [kind, params] = onlyEntry(form);
  return { kind, params } as Stage;
}

function tuneOf(tune: NonNullable<ParsedForm["tune"]>, learner: LearnerName): Tune {
  const metric = tune.metric ?? defaultTuneMetric(learnerTasks[learner][0]);
  return { folds: tune.folds, grid: settingsOf(tune, learner), metric, seed: tune.seed };
}
