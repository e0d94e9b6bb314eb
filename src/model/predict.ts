/**
 * Predicts single rows with a published model, in Node, Lambda and the browser: `model.json` is all it needs, and it depends on nothing.
 *
 *     import { createPredictor } from "steplearn/predict";
 *     const predict = createPredictor(JSON.parse(await readFile("models/churn/…/model.json", "utf8")));
 *     predict({ age: 44, customer_type: "premium" }); // { prediction: "no", probability: { no: 0.93, yes: 0.07 } }
 *
 * The numbers are those of evaluation and scoring, bit for bit: the same takes, the same order of sums, the same exp.
 */
import { InputError } from "../ports/errors.ts";
import { rowEncoder, sourcesOf } from "./encode.ts";
import { ensembleOf, treeScores } from "./ensemble.ts";
import { MODEL_FORMAT, type ModelJson } from "./format.ts";
import { lineScores } from "./lines.ts";
import { type RowValue, sourceReader } from "./row.ts";

/** Values by column of the training data. Every column that the model reads must be there; null is a missing value, other keys are not looked at. */
export type Row = Readonly<Record<string, RowValue>>;

export interface Prediction {
  /** The class, or for regression the number. */
  readonly prediction: string | number;
  /** Of each class. */
  readonly probability?: Readonly<Record<string, number>>;
}

/** Null for a row that the features leave out (`handleInvalid: skip`). InputError, naming the column, for a value that the model cannot take. */
export type Predict = (row: Row) => Prediction | null;

/** `model` is the parsed text of a `model.json`. InputError when it is none, or one that this version cannot read. */
export function createPredictor(model: unknown): Predict {
  const published = checked(model);
  const types = new Map(published.data.columns.map(({ name, type }) => [name, type]));
  const readers = sourcesOf(published.view).map((name) => [name, sourceReader(name, types.get(name), published.job.data.missing)] as const);
  const encode = rowEncoder(published.view);
  const ensemble = ensembleOf(published);
  const scores = ensemble === undefined ? lineScores(published) : treeScores(ensemble, published);
  const answer = answerOf(published);
  return (row) => {
    if (typeof row !== "object" || row === null) throw new InputError(`row must be an object of values by column, got ${row}`);
    const encoded = encode(
      Object.fromEntries(readers.map(([name, read]) => [name, read(Object.hasOwn(row, name) ? row[name] : undefined)])),
    );
    return encoded && answer(scores(encoded));
  };
}

function checked(model: unknown): ModelJson {
  const { format, view, data, learner } = (model ?? {}) as Partial<ModelJson>;
  if (typeof format !== "number" || !view || !data)
    throw new InputError("model must be the parsed text of a model.json of steplearn, got something else");
  if (format > MODEL_FORMAT) {
    throw new InputError(
      `model format must be at most ${MODEL_FORMAT}, got ${format}; load it with the version of steplearn that wrote it, or a newer one`,
    );
  }
  if (learner !== "linearRegression" && learner !== "logisticRegression" && ensembleOf(model as ModelJson) === undefined) {
    throw new InputError(`model learner must be linearRegression, logisticRegression or one of trees, got ${learner}`);
  }
  return model as ModelJson;
}

function answerOf({ task, label, threshold }: ModelJson): (scores: readonly number[]) => Prediction {
  if (task === "regression") return ([value]) => ({ prediction: value });
  const { classes } = label;
  return (probabilities) => {
    const probability = Object.fromEntries(classes.map((name, k) => [name, probabilities[k]]));
    const chosen = task === "binary" ? Number(probabilities[1] > threshold) : firstLargest(probabilities);
    return { prediction: classes[chosen], probability };
  };
}

function firstLargest(values: readonly number[]): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}
