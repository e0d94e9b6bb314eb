/** Spark's MinMaxScaler: the range of the training rows becomes [min, max]; other rows may fall outside. */
import type { Summary } from "../statistics/moments.ts";
import { constant, scaled } from "./expression.ts";
import { scaler } from "./scaler.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A constant column becomes the middle of [min, max], as in Spark. */
export const minMaxScaler = scaler(
  "minMaxScaler",
  ({ min, max }: Summary): Range => ({ min, max }),
  (params, column, { min, max }) => {
    const scale = (params.max - params.min) / (max - min);
    return Number.isFinite(scale) ? scaled(column, min - params.min / scale, scale) : constant(column, (params.min + params.max) / 2);
  },
);
