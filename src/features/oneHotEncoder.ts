/** Spark's OneHotEncoder: a category becomes a column of zeros and ones for each of its values, named `city=Rome`. */
import { InputError } from "../ports/errors.ts";
import { knownLevels, missingAs, mustBeUnscaled, orderedLevels } from "./category.ts";
import { raw } from "./expression.ts";
import type { FrameColumn } from "./frame.ts";
import type { ColumnStage } from "./stage.ts";
import type { Take, ViewColumn } from "./view.ts";

/** The category of what is none of the levels, as Spark names it. */
const UNKNOWN = "__unknown";

/**
 * On an indexed column the categories are its index's, with `__unknown` last when the indexer keeps invalid values. A column of strings
 * needs no index before: its strings are the categories, the most frequent first. A column of numbers has its distinct numbers,
 * ascending. `dropLast` leaves out the last category, which then is the row of zeros.
 *
 * `handleInvalid: keep` adds the category `__unknown` for what training did not have and for missing values. Behind an indexer nothing is
 * unknown any more, so this category has no row: it is left out, and `dropLast` has nothing else to drop.
 */
export const oneHotEncoder: ColumnStage<"oneHotEncoder"> = {
  trace: (_, input, output) => {
    if (input.kind === "indicators")
      throw new InputError(`oneHotEncoder input ${input.name} must be a category, got one that is encoded already`);
    mustBeUnscaled(input, "oneHotEncoder");
    return { output: { ...input, name: output, kind: "indicators", mayMiss: false }, needs: ["levels"] };
  },
  fit: (_, input, facts) => {
    if (input.kind === "index") return undefined;
    const levels = orderedLevels(input, facts, "frequencyDesc");
    return input.kind === "number" ? levels.sort((a, b) => Number(a) - Number(b)) : levels;
  },
  transform: ({ dropLast, handleInvalid }, input, output, fitted) => {
    const { levels, imputed, unknown, closed } = categories(input, fitted, handleInvalid === "keep");
    const as = imputed === null ? {} : { missingAs: imputed };
    const column = (label: string, take: Take): ViewColumn => raw(`${output}=${label}`, input.source, take);
    const encoded = levels.map((level) => column(level, { kind: "level", level, ...as }));
    if (unknown) encoded.push(column(UNKNOWN, { kind: "other", levels, ...as }));
    if (dropLast && !(closed && handleInvalid === "keep")) encoded.pop();
    const indicators = { ...input, name: output, kind: "indicators", mayMiss: false, missingAs: null, encoded } as const;
    return closed || handleInvalid === "keep" ? { output: indicators } : { output: indicators, fail: knownLevels(input, levels) };
  },
};

interface Categories {
  readonly levels: readonly string[];
  /** What a missing value counts as, or null. */
  readonly imputed: string | null;
  /** Whether what is none of the levels has a category of its own. */
  readonly unknown: boolean;
  /** An indexer before has dealt with what is none of the levels. */
  readonly closed: boolean;
}

function categories(input: FrameColumn, fitted: unknown, keep: boolean): Categories {
  if (input.kind !== "index") return { levels: fitted as string[], imputed: missingAs(input), unknown: keep, closed: false };
  const { take } = input.encoded[0];
  if (take.kind !== "index") throw new Error("an indexed column takes an index");
  return { levels: take.levels, imputed: take.missingAs ?? null, unknown: take.other !== null, closed: true };
}
