/**
 * The penalty in source units: regParam * (elasticNetParam |v|_1 + (1 - elasticNetParam)/2 |v|^2) with v_j = factor_j * c_j, c_j being
 * the coefficient of source column j. With `standardization` v belongs to columns of unit standard deviation, else to the columns of
 * the view. Standard deviations divide by the sum of the weights (population): then doubling all weights changes nothing. Spark divides
 * by W - sum(w^2)/W in its iterative solvers and by W in its normal-equation solver; `convention: spark` follows each.
 */
import type { View } from "../features/view.ts";

export interface PenaltyParams {
  readonly regParam: number;
  readonly elasticNetParam: number;
  readonly standardization: boolean;
  readonly convention: "steplearn" | "spark" | "sklearn";
}

/** What one unit of each source coefficient is to the penalty; `deviations` are those of the source columns. */
export function penaltyFactors(view: View, deviations: Float64Array, params: PenaltyParams): Float64Array {
  const standardised = params.standardization && params.convention !== "sklearn";
  return deviations.map((deviation, j) => {
    if (standardised) return deviation;
    const scale = Math.abs(view.columns[j].scale);
    return scale === 0 ? 0 : 1 / scale;
  });
}
