/** Where predictions may be written: not where the next scoring would read them as data, nor among the files of a model. */
import { rm } from "node:fs/promises";
import { posix } from "node:path";
import type { ModelPlace } from "../model/find.ts";
import type { ScoresManifest } from "../model/scores.ts";
import { InputError } from "../ports/errors.ts";
import { exists, readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";

interface Scoring {
  readonly model: ModelPlace;
  /** Keys, patterns or prefixes of the data. */
  readonly paths: readonly string[];
  /** Key of the folder for predictions. */
  readonly output: string;
}

/** InputError for a place in S3, and where predictions of the scoring would lie in the folder of its model or of its versions, or in that of its data. */
export async function checkOutput(outputs: ObjectStore, { model, paths, output }: Scoring): Promise<void> {
  if (output.startsWith("s3://"))
    throw new InputError(
      `output must be a folder of this machine, got ${output}; copy it there afterwards: aws s3 cp --recursive DIR ${output}`,
    );
  const versions = posix.dirname(model.folder);
  const models = (await exists(outputs, posix.join(versions, "latest.json"))) ? versions : model.folder;
  if (isWithin(output, models)) throw new InputError(`output must be a folder outside of the model's, ${models}, got ${output}`);
  const data = paths.find((path) => wouldRead(path, `${output}/part-00000.parquet`));
  if (data !== undefined)
    throw new InputError(`output must be a folder whose files are not read as data, got ${output} for the data ${data}`);
}

const PREDICTIONS = /^part-\d{5}\.parquet$/;

/** Files of an earlier scoring into the folder (a key), by its manifest. */
export async function earlierFiles(outputs: ObjectStore, output: string): Promise<readonly string[]> {
  const key = `${output}/manifest.json`;
  if (!(await exists(outputs, key))) return [];
  const { files } = await readJson<Partial<ScoresManifest>>(outputs, key);
  return (files ?? []).filter((name) => PREDICTIONS.test(name));
}

/** Removes those that this scoring has not written again, so that whoever reads the whole folder reads one scoring. */
export async function removeEarlier(folder: string, earlier: readonly string[], files: readonly string[]): Promise<void> {
  const stale = earlier.filter((name) => !files.includes(name));
  await Promise.all(stale.map((name) => rm(posix.join(folder, name), { force: true })));
}

const isWithin = (key: string, folder: string): boolean => `${key}/`.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

/** A pattern that is no glob names a folder, or one file. */
const wouldRead = (pattern: string, key: string): boolean => posix.matchesGlob(key, pattern) || isWithin(key, pattern);
