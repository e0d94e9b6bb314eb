/** Spark's StringIndexer: a string becomes its index among the strings of the training rows. Numbers are indexed by what `String` prints. */
import { InputError } from "../ports/errors.ts";
import { knownLevels, missingAs, mustBeUnscaled, orderedLevels } from "./category.ts";
import { raw } from "./expression.ts";
import type { ColumnStage } from "./stage.ts";

/**
 * Missing values are not counted. A value that training did not have, and a missing one, is an InputError (`error`), drops the row
 * (`skip`), or gets the index after the last (`keep`).
 */
export const stringIndexer: ColumnStage<"stringIndexer"> = {
  trace: ({ handleInvalid }, input, output) => {
    if (input.kind === "index" || input.kind === "indicators") {
      throw new InputError(`stringIndexer input ${input.name} must be a column of strings or numbers, got one that is indexed already`);
    }
    mustBeUnscaled(input, "stringIndexer");
    return {
      output: { ...input, name: output, kind: "index", mayMiss: false },
      needs: ["levels"],
      skips: handleInvalid === "skip" && input.mayMiss,
    };
  },
  fit: ({ stringOrderType }, input, facts) => orderedLevels(input, facts, stringOrderType),
  transform: ({ handleInvalid }, input, output, fitted) => {
    const levels = fitted as string[];
    const imputed = missingAs(input);
    const take = {
      kind: "index",
      levels,
      other: handleInvalid === "keep" ? levels.length : null,
      ...(imputed === null ? {} : { missingAs: imputed }),
    } as const;
    const indexed = {
      ...input,
      name: output,
      kind: "index",
      mayMiss: false,
      missingAs: null,
      encoded: [raw(output, input.source, take)],
    } as const;
    if (handleInvalid === "keep") return { output: indexed };
    const known = knownLevels(input, levels);
    return handleInvalid === "skip" ? { output: indexed, skip: known } : { output: indexed, fail: known };
  },
};
