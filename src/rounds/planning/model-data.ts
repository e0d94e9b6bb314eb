/** New data for a published model: which columns are read, with which types. */
import type { Job } from "../../job/job.ts";
import { sourcesOf } from "../../model/encode.ts";
import type { ModelJson } from "../../model/format.ts";
import { InputError } from "../../ports/errors.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import { type Look, lookAtSource } from "./look.ts";

export interface NewData {
  /** Keys, patterns or prefixes. */
  readonly paths: readonly string[];
  /** Texts that mean a missing value, beside those of the model's job. */
  readonly missing?: readonly string[];
}

/** The job of the model over other data, which is read with the types and the missing texts that training settled on. */
export function jobOnNewData({ job, data }: ModelJson, { paths, missing = [] }: NewData, output: string): Job {
  const columns = Object.fromEntries(data.columns.map(({ name, type }) => [name, type])) as Job["data"]["columns"];
  const texts = [...new Set([...job.data.missing, ...missing])];
  return { ...job, data: { ...job.data, format: undefined, paths, columns, missing: texts, exclude: [] }, tune: undefined, output };
}

/** Looks at new data, of which only the model's columns and `more` are read; `optional` ones where they are there. InputError for missing ones. */
export async function lookForModel(
  sources: ObjectStore,
  job: Job,
  { name, view }: ModelJson,
  more: readonly string[],
  optional: readonly string[] = [],
): Promise<Look> {
  const needed = [...new Set([...sourcesOf(view), ...more])];
  const look = await lookAtSource(sources, job, [...needed, ...optional]);
  const missing = needed.filter((column) => !look.source.columns.some((found) => found.name === column));
  if (missing.length === 0) return look;
  throw new InputError(
    `data must have the columns that model ${name} was trained on, got none called ${missing.join(", ")} (there: ${look.columns.map((column) => column.name).join(", ")})`,
  );
}
