/** The job of a command: a file, or data and options. */
import { readFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import type { ReadJob } from "../job/read.ts";
import { InputError } from "../ports/errors.ts";

export interface JobFlags {
  readonly label?: string;
  readonly positive?: string;
  readonly model?: string;
  readonly param?: readonly string[];
  readonly exclude?: readonly string[];
  readonly metrics?: readonly string[];
  readonly name?: string;
  readonly output?: string;
}

export interface JobSource extends ReadJob {
  /** What the job's paths are relative to. */
  readonly folder: string;
}

const JOB_FILES = [".yaml", ".yml", ".json"];

/** Told of the data before its job is checked; its paths are relative to the folder. */
export type Begin = (paths: readonly string[], folder: string) => Promise<void>;

/** InputError when it is neither a job file nor data with a label and a model. */
export async function jobSource(paths: readonly string[], flags: JobFlags, begin: Begin = async () => {}): Promise<JobSource> {
  const [first] = paths;
  if (JOB_FILES.includes(extname(first).toLowerCase())) return fromFile(paths, flags, begin);
  const { label, model, param, ...rest } = flags;
  if (label === undefined || model === undefined) {
    const missing = [label === undefined ? "--label" : "", model === undefined ? "--model" : ""]
      .filter((name) => name !== "")
      .join(" and ");
    throw new InputError(
      `data must come with --label and --model, got no ${missing} (or give a job file: steplearn init ${first} --label COLUMN writes one)`,
    );
  }
  const folder = resolve(".");
  await begin(paths, folder);
  const { jobFromOptions } = await import("../job/read.ts");
  return { ...jobFromOptions({ paths, label, model, ...(param && { params: param }), ...rest }), folder };
}

async function fromFile(paths: readonly string[], flags: JobFlags, begin: Begin): Promise<JobSource> {
  const [file, ...others] = paths;
  if (others.length > 0) throw new InputError(`a job file must stand alone, got ${file} and ${others.join(", ")}`);
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  if (given.length > 0) throw new InputError(`--${given[0][0]} must come with data, got the job file ${file}, which says it itself`);
  const { dataPathsOf, readText } = await import("../job/text.ts");
  const text = readText(await textOf(file), file);
  const folder = dirname(resolve(file));
  await begin(dataPathsOf(text), folder);
  const { checkText } = await import("../job/read.ts");
  return { ...checkText(text), folder };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new InputError(
      `the job must be a file that can be read, got ${file} (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`,
      { cause: error },
    );
  }
}
