/** Metrics of a regression. */
import { InputError } from "../ports/errors.ts";
import { addResiduals, emptyResiduals, mergeResiduals, type Residuals } from "../statistics/residuals.ts";
import { checkPredictions } from "./block.ts";
import type { Evaluated, EvaluationAsk } from "./evaluation.ts";

export interface RegressionStatistic {
  readonly task: "regression";
  rows: number;
  readonly residuals: Residuals;
}

export const regression = {
  empty: (): RegressionStatistic => ({ task: "regression", rows: 0, residuals: emptyResiduals() }),

  add(into: RegressionStatistic, ask: EvaluationAsk, predictions: Float64Array, labels: Float64Array, weights: Float64Array): void {
    checkPredictions(predictions, labels.length, 1);
    const bad = firstUnusable(labels);
    if (bad >= 0) throw new InputError(`label of row ${bad} of its block must be a finite number, got ${labels[bad]}`);
    into.rows += labels.length;
    addResiduals(into.residuals, predictions, labels, weights, ask.baseline[0]);
  },

  merge(into: RegressionStatistic, other: RegressionStatistic): void {
    into.rows += other.rows;
    mergeResiduals(into.residuals, other.residuals);
  },

  finish({ rows, residuals }: RegressionStatistic, ask: EvaluationAsk): Evaluated {
    const metrics = Object.fromEntries(ask.metrics.map((name) => [name, formulas[name as RegressionMetric](residuals)]));
    const warnings: string[] = [];
    if (residuals.weight === 0) warnings.push("no metric is defined: there are no held-out rows with a weight above 0");
    else {
      const names = ask.metrics.filter((name) => metrics[name] === null);
      if (names.length > 0) warnings.push(`${names.join(", ")} not defined: the held-out labels are all the same`);
    }
    return { rows, metrics, warnings };
  },

  constant({ rows, residuals }: RegressionStatistic, ask: EvaluationAsk): RegressionStatistic {
    const { weight, label } = residuals;
    const prediction = { mean: ask.baseline[0], squares: 0 };
    const offset = label.mean - prediction.mean;
    const error = { mean: offset, squares: label.squares };
    return {
      task: "regression",
      rows,
      residuals: {
        ...residuals,
        squared: label.squares + weight * offset * offset,
        absolute: residuals.baselineAbsolute,
        prediction,
        error,
      },
    };
  },
};

/** A loop: with a function for each value it took longer than the residuals. */
function firstUnusable(labels: Float64Array): number {
  for (let i = 0; i < labels.length; i++) if (!Number.isFinite(labels[i])) return i;
  return -1;
}

type RegressionMetric = keyof typeof formulas;

const mean = (sum: number, { weight }: Residuals): number | null => (weight > 0 ? sum / weight : null);

const formulas = {
  /** sqrt(sum w e² / sum w) */
  rmse: (r: Residuals) => (r.weight > 0 ? Math.sqrt(r.squared / r.weight) : null),
  mse: (r: Residuals) => mean(r.squared, r),
  mae: (r: Residuals) => mean(r.absolute, r),
  /**
   * 1 - sum w e² / sum w (y - mean y)², scikit-learn's r2_score. Spark divides by variance * (sum w - 1) instead, which is the same
   * for unit weights only.
   */
  r2: (r: Residuals) => (r.label.squares > 0 ? 1 - r.squared / r.label.squares : null),
  /** sum w (prediction - mean y)² / sum w: Spark's explainedVariance, in squares of the label's unit. */
  explainedVariance: (r: Residuals) => {
    const offset = r.prediction.mean - r.label.mean;
    return mean(r.prediction.squares + r.weight * offset * offset, r);
  },
  /** 1 - sum w (e - mean e)² / sum w (y - mean y)²: scikit-learn's explained_variance_score, which a constant error leaves at 1. */
  explainedVarianceScore: (r: Residuals) => (r.label.squares > 0 ? 1 - r.error.squares / r.label.squares : null),
};
