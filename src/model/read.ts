/** Reading a published model. */
import type { View } from "../features/view.ts";
import { InputError } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { MODEL_FORMAT, type ModelJson } from "./format.ts";

/** The model at a key. A newer format is an InputError; fields that this version does not know are not. */
export async function readModel(store: ObjectStore, key: string): Promise<ModelJson> {
  const model = await readJson<ModelJson>(store, key);
  if (!(model.format <= MODEL_FORMAT))
    throw new InputError(`${key} must be a model of format ${MODEL_FORMAT} at most, got ${model.format}; a newer steplearn wrote it`);
  return { ...model, view: restored(model.view) };
}

/** JSON has no NaN: a fill of null is one, and refuses missing values. */
const restored = (view: View): View => ({
  ...view,
  columns: view.columns.map((column) => ({ ...column, fill: (column.fill as number | null) ?? Number.NaN })),
});
