/** Reading a published model. */
import type { View } from "../features/view.ts";
import { InputError } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { MODEL_FORMAT, type ModelJson } from "./format.ts";

/** The model at a key. What is no model, or of a newer format, is an InputError; fields that this version does not know are not. */
export async function readModel(store: ObjectStore, key: string): Promise<ModelJson> {
  const found = await readJson<Partial<ModelJson> | null>(store, key).catch((error: unknown) => {
    throw error instanceof SyntaxError ? notModel(key, error.message) : error;
  });
  const { format, view, model } = found ?? {};
  if (typeof format !== "number") throw notModel(key, "one without a format");
  if (format > MODEL_FORMAT)
    throw new InputError(`${key} must be a model of format ${MODEL_FORMAT} at most, got ${format}; a newer steplearn wrote it`);
  if (view === undefined || model === undefined) throw notModel(key, "one without view or model");
  return { ...(found as ModelJson), view: restored(view) };
}

const notModel = (key: string, found: string): InputError =>
  new InputError(`${key} must be the JSON of a model as steplearn writes it, got ${found}`);

/** JSON has no NaN: a fill of null is one, and refuses missing values. */
const restored = (view: View): View => ({
  ...view,
  columns: view.columns.map((column) => ({ ...column, fill: (column.fill as number | null) ?? Number.NaN })),
});
