/** What every evaluation checks of the rows it is given. */
import { InputError, NumericError } from "../ports/errors.ts";

/** There are `outputs` predictions for each row. */
export function checkLength(predictions: Float64Array, rows: number, outputs: number): void {
  if (predictions.length === rows * outputs) return;
  throw new Error(`predictions must hold ${outputs} numbers for each of ${rows} rows, got ${predictions.length}`);
}

/** Predictions are finite and there are `outputs` for each row. */
export function checkPredictions(predictions: Float64Array, rows: number, outputs: number): void {
  checkLength(predictions, rows, outputs);
  for (let i = 0; i < predictions.length; i++) {
    if (!Number.isFinite(predictions[i])) {
      throw new NumericError(`prediction of row ${i % rows} of its block must be a finite number, got ${predictions[i]}`);
    }
  }
}

/** Labels are class indices below `classes`. */
export function checkClasses(labels: Float64Array, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(label >= 0 && label < classes && Number.isInteger(label))) {
      throw new InputError(`label of row ${i} of its block must be a class index from 0 to ${classes - 1}, got ${label}`);
    }
  }
}
