/** Metrics of two classes; precision, recall and f1 are those of class 1, the positive one. */
import { float64, place, withKernels } from "../kernels/kernels.ts";
import { InputError, NumericError } from "../ports/errors.ts";
import { accuracy, classRates, truthWeights } from "../statistics/confusion.ts";
import { type Drawn, draw } from "../statistics/curves.ts";
import { addToBins, drawBins, emptyBins } from "../statistics/score-bins.ts";
import { addPlaced, addScores, emptyScores, type Scores } from "../statistics/scores.ts";
import { checkLength } from "./block.ts";
import { type ClassStatistic, classWarnings, constantClasses, describeClasses, emptyClasses, meanLogLoss } from "./classes.ts";
import type { Evaluated, EvaluationAsk } from "./evaluation.ts";

/** Points of a curve in a report: finer than a pixel of its plots. */
const CURVE_POINTS = 400;

export const binary = {
  empty(ask: EvaluationAsk): ClassStatistic {
    const { kind } = ask.scores;
    if (kind === "bins") return emptyClasses("binary", 2, null, emptyBins(ask.weighted));
    return emptyClasses("binary", 2, kind === "none" ? null : emptyScores(kind !== "sample" && ask.weighted));
  },

  add(into: ClassStatistic, ask: EvaluationAsk, predictions: Float64Array, labels: Float64Array, weights: Float64Array): void {
    checkLength(predictions, labels.length, 1);
    withKernels((k) => {
      const n = labels.length;
      const [p, y, w] = [place(k, predictions), place(k, labels), ask.weighted ? place(k, weights) : 0];
      const totals = place(k, [...into.confusion.weight, into.logLoss, 0, 0]);
      const wantsScores = ask.scores.kind !== "none";
      const [positives, negatives] = wantsScores ? [k.claim(8 * n + 8), k.claim(8 * n + 8)] : [0, 0];
      const [positiveWeights, negativeWeights] = wantsScores && ask.weighted ? [k.claim(8 * n + 8), k.claim(8 * n + 8)] : [0, 0];
      const wantsLoss = ask.metrics.includes("logLoss");
      const bad = k.judgeBinary(p, y, w, n, ask.threshold, wantsLoss, totals, positives, negatives, positiveWeights, negativeWeights);
      if (bad >= 0) throw unusableRow(bad, predictions[bad], labels[bad]);
      const found = float64(k, totals, 7).slice();
      into.rows += n;
      // A sample only says where to cut the bins; what it would add here comes again with all rows.
      if (ask.scores.kind !== "sample") {
        into.confusion.weight.set(found.subarray(0, 4));
        into.logLoss = found[4];
      }
      if (into.bins !== null && ask.scores.kind === "bins") {
        addToBins(k, into.bins.positives, ask.scores.knots, positives, positiveWeights, found[5]);
        addToBins(k, into.bins.negatives, ask.scores.knots, negatives, negativeWeights, found[6]);
      }
      if (into.scores === null) return;
      addPlaced(k, into.scores.positives, positives, positiveWeights, found[5]);
      addPlaced(k, into.scores.negatives, negatives, negativeWeights, found[6]);
    });
  },

  finish(statistic: ClassStatistic, ask: EvaluationAsk): Evaluated {
    const drawn = drawnBy(statistic, ask);
    const rates = classRates(statistic.confusion)[1];
    const known: Record<string, number | null | undefined> = {
      ...drawn?.areas,
      accuracy: accuracy(statistic.confusion),
      f1: rates.f1,
      precision: rates.precision,
      recall: rates.recall,
      logLoss: meanLogLoss(statistic),
    };
    const metrics = Object.fromEntries(ask.metrics.map((name) => [name, known[name] ?? null]));
    const warnings = classWarnings(statistic, ask, metrics);
    const bound = statistic.bins && drawn?.areas.areaUnderRocBound;
    if (bound != null) warnings.push(`areaUnderROC is within ${bound.toPrecision(2)} of its exact value: scores were counted in bins`);
    return {
      ...describeClasses(statistic, ask),
      metrics,
      warnings,
      ...(drawn && ask.wantsCurve && { curve: drawn.curve }),
      ...(bound != null && { areaUnderRocBound: bound }),
    };
  },

  constant(statistic: ClassStatistic, ask: EvaluationAsk): ClassStatistic {
    return constantClasses(
      statistic,
      ask,
      (statistic.scores ?? statistic.bins) && tied(truthWeights(statistic.confusion), ask.baseline[1]),
    );
  },
};

function drawnBy({ scores, bins }: ClassStatistic, { scores: keeping }: EvaluationAsk): Drawn | null {
  if (bins !== null && keeping.kind === "bins") return drawBins(bins, keeping.knots, CURVE_POINTS);
  return scores && draw(scores, CURVE_POINTS);
}

/** Every row with the same score. */
function tied([negatives, positives]: Float64Array, score: number): Scores {
  const scores = emptyScores(true);
  if (positives > 0) addScores(scores.positives, Float64Array.of(score), Float64Array.of(positives));
  if (negatives > 0) addScores(scores.negatives, Float64Array.of(score), Float64Array.of(negatives));
  return scores;
}

function unusableRow(row: number, prediction: number, label: number): Error {
  if (!Number.isFinite(prediction))
    return new NumericError(`prediction of row ${row} of its block must be a finite number, got ${prediction}`);
  return new InputError(`label of row ${row} of its block must be a class index from 0 to 1, got ${label}`);
}
