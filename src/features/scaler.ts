/** What the scalers share: each encoded column of an input is fitted from its moments in the training rows and rescaled on its own. */
import { InputError } from "../ports/errors.ts";
import type { Summary } from "../statistics/moments.ts";
import { renamed } from "./frame.ts";
import type { StageParams } from "./params.ts";
import type { ColumnStage } from "./stage.ts";
import type { ViewColumn } from "./view.ts";

type ScalerKind = "standardScaler" | "minMaxScaler";

/** Missing values are left out of the moments and stay missing. InputError for strings and for a column without any number. */
export function scaler<K extends ScalerKind, F>(
  kind: K,
  fitOne: (summary: Summary) => F,
  rescale: (params: StageParams<K>, column: ViewColumn, fitted: F) => ViewColumn,
): ColumnStage<K> {
  return {
    trace: (_, input, output) => {
      if (input.kind === "string")
        throw new InputError(`${kind} input ${input.name} must be a number, got strings; index or one-hot encode it before`);
      return { output: { ...input, name: output, scaled: true }, needs: ["moments"] };
    },
    fit: (_, input, facts) => {
      const fitted = input.encoded.map((encoded) => {
        const summary = facts.moments(input, encoded);
        if (summary.weight > 0) return fitOne(summary);
        throw new InputError(`${kind} input ${input.name} must have a value in the training rows, got only missing ones; exclude it`);
      });
      if (input.kind !== "indicators") return fitted[0];
      return Object.fromEntries(input.encoded.map(({ name }, i) => [name, fitted[i]]));
    },
    transform: (params, input, output, fitted) => {
      const fittedOf = (column: ViewColumn) => (input.kind === "indicators" ? (fitted as Record<string, F>)[column.name] : (fitted as F));
      const encoded = input.encoded.map((column) => rescale(params, column, fittedOf(column)));
      return { output: { ...input, name: output, scaled: true, encoded: renamed({ ...input, encoded }, output) } };
    },
  };
}
