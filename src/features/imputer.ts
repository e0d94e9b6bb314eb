/** Spark's Imputer: missing values become the mean, median or mode of the training rows, or a constant. */
import { InputError } from "../ports/errors.ts";
import { filled } from "./expression.ts";
import type { Facts, Levels } from "./facts.ts";
import { type FrameColumn, renamed } from "./frame.ts";
import type { StageParams } from "./params.ts";
import type { ColumnStage, Need } from "./stage.ts";
import type { ViewColumn } from "./view.ts";

const needs: Record<StageParams<"imputer">["strategy"], readonly Need[]> = {
  mean: ["moments"],
  median: ["median"],
  mode: ["levels"],
  constant: [],
};

/**
 * The median is the value of rank ceil(n / 2), never an average of two; of equally frequent modes the smallest wins. Columns of whole
 * numbers keep a mean with a fraction, which Spark cuts off. Strings take a mode or a constant. A column without any value in the
 * training rows is an InputError, except for a constant.
 */
export const imputer: ColumnStage<"imputer"> = {
  trace: ({ strategy, value }, input, output) => {
    if (input.kind === "index" || input.kind === "indicators")
      throw new InputError(`imputer input ${input.name} must not be encoded yet, got an encoded category; impute before encoding`);
    const text = input.kind === "string";
    if (text && (strategy === "mean" || strategy === "median")) {
      throw new InputError(`imputer input ${input.name} must be a number for strategy ${strategy}, got strings; use mode or constant`);
    }
    if (strategy === "constant" && (typeof value === "string") !== text) {
      throw new InputError(
        `imputer value must be ${text ? "a string" : "a number"} for column ${input.name}, got ${JSON.stringify(value)}`,
      );
    }
    return { output: { ...input, name: output, mayMiss: false }, needs: input.mayMiss ? needs[strategy] : [] };
  },
  fit: (params, input, facts) => {
    if (!input.mayMiss) return undefined;
    return input.kind === "string" ? stringReplacement(params, input, facts) : numberReplacement(params, input, input.encoded[0], facts);
  },
  transform: (_, input, output, fitted) => {
    const imputed = { ...input, name: output, mayMiss: false };
    if (!input.mayMiss) return { output: { ...imputed, encoded: renamed(input, output) } };
    if (input.kind === "string") return { output: { ...imputed, missingAs: fitted as string } };
    const complete = input.encoded.map((encoded) => filled(encoded, fitted as number));
    return { output: { ...imputed, encoded: renamed({ ...input, encoded: complete }, output) } };
  },
};

function numberReplacement({ strategy, value }: StageParams<"imputer">, input: FrameColumn, encoded: ViewColumn, facts: Facts): number {
  if (strategy === "constant") return value as number;
  const found = strategy === "mean" ? meanOf(facts, input, encoded) : facts[strategy](input, encoded);
  if (Number.isNaN(found)) throw nothingKnown(input, strategy);
  return found;
}

function meanOf(facts: Facts, input: FrameColumn, encoded: ViewColumn): number {
  const { weight, mean } = facts.moments(input, encoded);
  return weight > 0 ? mean : Number.NaN;
}

function stringReplacement({ strategy, value }: StageParams<"imputer">, input: FrameColumn, facts: Facts): string {
  if (strategy === "constant") return value as string;
  const mode = mostFrequent(facts.levels(input));
  if (mode === undefined) throw nothingKnown(input, strategy);
  return mode;
}

/** Texts come in ascending order. */
function mostFrequent({ texts, counts }: Levels): string | undefined {
  let best = 0;
  for (let i = 1; i < texts.length; i++) if (counts[i] > counts[best]) best = i;
  return texts[best];
}

function nothingKnown({ name }: FrameColumn, strategy: string): InputError {
  return new InputError(
    `imputer input ${name} must have a value in the training rows for strategy ${strategy}, got only missing ones; exclude it, or use strategy constant`,
  );
}
