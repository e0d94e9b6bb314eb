/** LightGBM's text as a version of a model. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { anywhere } from "../adapters/anywhere.ts";
import { keyOf } from "../api/paths.ts";
import { readLightgbm } from "../exchange/read-lightgbm.ts";
import { importedModel } from "../model/imported.ts";
import { InputError } from "../ports/errors.ts";
import { hashesOf, writeVersion } from "../rounds/publishing/publish.ts";
import { moveLatest, readLatest } from "../rounds/publishing/versions.ts";

interface Importing {
  /** Folder of the model's versions. */
  readonly output: string;
  readonly label: string;
  /** In the order of LightGBM's; left out: 0, 1, … */
  readonly classes?: readonly string[];
}

interface ImportedVersion {
  readonly folder: string;
  readonly trees: number;
  readonly columns: readonly string[];
}

/** The same file makes the same version. InputError for what is no model, and for classes that are not as many as it has. */
export async function importModel(file: string, { output, label, classes }: Importing): Promise<ImportedVersion> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new InputError(`file must be a LightGBM model that can be read, got ${file}: ${(cause as Error).message}`, { cause });
  });
  const read = readLightgbm(text);
  const fingerprint = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const name = basename(output);
  const naming = { name, label, classes: classesOf(read.task === "regression" ? 0 : read.classes, classes), fingerprint };
  const { model, metrics, weights } = importedModel(read, naming);
  const store = anywhere();
  const folder = keyOf(output, ".");
  const version = `${name}-${fingerprint.slice(0, 8)}`;
  const files = { weights, statistic: null };
  await writeVersion(store, `${folder}/${version}`, { model: { ...model, blobs: hashesOf(files) }, metrics, profile: null, ...files });
  await moveLatest(store, folder, version, await readLatest(store, folder));
  return { folder: `${output}/${version}`, trees: read.ensemble.trees.length, columns: read.names };
}

function classesOf(count: number, named: readonly string[] | undefined): readonly string[] {
  const classes = named ?? Array.from({ length: count }, (_, k) => String(k));
  if (new Set(classes).size !== count || classes.length !== count)
    throw new InputError(`classes must be ${count} different names, as many as the model predicts, got ${classes.join(", ") || "none"}`);
  return classes;
}
