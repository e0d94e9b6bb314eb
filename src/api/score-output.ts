/** Where predictions may be written: not where the next scoring would read them as data, nor among the files of a model. */
import { posix } from "node:path";
import type { ModelPlace } from "../model/find.ts";
import { InputError } from "../ports/errors.ts";
import { exists } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { pathOf } from "./paths.ts";

interface Scoring {
  readonly model: ModelPlace;
  /** Keys, patterns or prefixes of the data. */
  readonly paths: readonly string[];
  /** Key of the folder for predictions. */
  readonly output: string;
}

/** InputError where predictions of the scoring would lie in the folder of its model or of its versions, or in that of its data. */
export async function checkOutput(outputs: ObjectStore, { model, paths, output }: Scoring): Promise<void> {
  const versions = posix.dirname(model.folder);
  const models = (await exists(outputs, `${versions}/latest.json`)) ? versions : model.folder;
  if (isWithin(output, models))
    throw new InputError(`output must be a folder outside of the model's, ${pathOf(models)}, got ${pathOf(output)}`);
  const data = paths.find((path) => wouldRead(path, `${output}/part-00000.parquet`));
  if (data !== undefined)
    throw new InputError(`output must be a folder whose files are not read as data, got ${pathOf(output)} for the data ${pathOf(data)}`);
}

const isWithin = (key: string, folder: string): boolean => `${key}/`.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

/** A pattern that is no glob names a folder, or one file. */
const wouldRead = (pattern: string, key: string): boolean => posix.matchesGlob(key, pattern) || isWithin(key, pattern);
