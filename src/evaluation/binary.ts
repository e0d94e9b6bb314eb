/** Metrics of two classes; precision, recall and f1 are those of class 1, the positive one. */
import { uint32, withKernels } from "../kernels/kernels.ts";
import { accuracy, classRates, truthWeights } from "../statistics/confusion.ts";
import { areasUnder, curvePoints } from "../statistics/curves.ts";
import { addBinned, addScores, emptyScores, type ScoreList, type Scores, sortedScores } from "../statistics/scores.ts";
import { checkClasses, checkPredictions } from "./block.ts";
import { type ClassStatistic, classWarnings, constantClasses, describeClasses, emptyClasses, logLoss, meanLogLoss } from "./classes.ts";
import type { Evaluated, EvaluationAsk } from "./evaluation.ts";

/** Points of a curve in a report: finer than a pixel of its plots. */
const CURVE_POINTS = 400;
/** Which rows are sampled is fixed: another sample would only cut the bins elsewhere. */
const SAMPLE_SEED = 0x5c0e5;
/** How many values a hash has. */
const HASHES = 4_294_967_296;

export const binary = {
  empty(ask: EvaluationAsk): ClassStatistic {
    const { kind } = ask.scores;
    return emptyClasses("binary", 2, kind === "none" ? null : emptyScores(kind === "bins" || (kind === "all" && ask.weighted)));
  },

  add(into: ClassStatistic, ask: EvaluationAsk, predictions: Float64Array, labels: Float64Array, weights: Float64Array): void {
    checkPredictions(predictions, labels.length, 1);
    checkClasses(labels, 2);
    if (into.scores !== null) collect(into.scores, ask, into.rows, predictions, labels, weights);
    into.rows += labels.length;
    if (ask.scores.kind === "sample") return;
    const wantsLoss = ask.metrics.includes("logLoss");
    for (let i = 0; i < labels.length; i++) {
      const p = predictions[i];
      into.confusion.weight[labels[i] * 2 + (p > ask.threshold ? 1 : 0)] += weights[i];
      if (wantsLoss) into.logLoss += weights[i] * logLoss(labels[i] === 1 ? p : 1 - p);
    }
  },

  finish(statistic: ClassStatistic, ask: EvaluationAsk): Evaluated {
    const scores = statistic.scores && sortedScores(statistic.scores);
    const areas = scores && areasUnder(scores);
    const rates = classRates(statistic.confusion)[1];
    const known: Record<string, number | null | undefined> = {
      ...areas,
      accuracy: accuracy(statistic.confusion),
      f1: rates.f1,
      precision: rates.precision,
      recall: rates.recall,
      logLoss: meanLogLoss(statistic),
    };
    const metrics = Object.fromEntries(ask.metrics.map((name) => [name, known[name] ?? null]));
    const warnings = classWarnings(statistic, ask, metrics);
    const bound = ask.scores.kind === "bins" ? areas?.areaUnderRocBound : null;
    if (bound != null) warnings.push(`areaUnderROC is within ${bound.toPrecision(2)} of its exact value: scores were counted in bins`);
    return {
      ...describeClasses(statistic, ask),
      metrics,
      warnings,
      ...(scores && { curve: curvePoints(scores, CURVE_POINTS) }),
      ...(bound != null && { areaUnderRocBound: bound }),
    };
  },

  constant(statistic: ClassStatistic, ask: EvaluationAsk): ClassStatistic {
    return constantClasses(statistic, ask, statistic.scores && tied(truthWeights(statistic.confusion), ask.baseline[1]));
  },
};

/** Every row with the same score. */
function tied([negatives, positives]: Float64Array, score: number): Scores {
  const scores = emptyScores(true);
  if (positives > 0) addScores(scores.positives, Float64Array.of(score), Float64Array.of(positives));
  if (negatives > 0) addScores(scores.negatives, Float64Array.of(score), Float64Array.of(negatives));
  return scores;
}

/** Adds the scores of a block to their classes; rows of weight 0 are on no curve. `seen` rows of the statistic came before. */
function collect(
  into: Scores,
  { scores: keep, weighted }: EvaluationAsk,
  seen: number,
  predictions: Float64Array,
  labels: Float64Array,
  weights: Float64Array,
): void {
  const rows = labels.length;
  const hashes = keep.kind === "sample" ? hashesOf(seen, rows) : null;
  const limit = keep.kind === "sample" ? keep.share * HASHES : 0;
  // Positives from the left, negatives from the right: their order is of no account.
  const scores = new Float64Array(rows);
  const scoreWeights = new Float64Array(rows);
  let left = 0;
  let right = rows;
  for (let i = 0; i < rows; i++) {
    if (weights[i] === 0 || (hashes !== null && hashes[i] >= limit)) continue;
    const place = labels[i] === 1 ? left++ : --right;
    scores[place] = predictions[i];
    scoreWeights[place] = weights[i];
  }
  const add = (list: ScoreList, from: number, to: number): void => {
    const [own, ownWeights] = [scores.slice(from, to), weighted ? scoreWeights.slice(from, to) : null];
    if (keep.kind === "bins") addBinned(list, own, ownWeights, keep.edges);
    else addScores(list, own, ownWeights);
  };
  add(into.positives, 0, left);
  add(into.negatives, right, rows);
}

const hashesOf = (first: number, n: number): Uint32Array =>
  withKernels((k) => {
    const out = k.allocate(4 * n);
    k.hashRows(SAMPLE_SEED, first, n, out);
    return uint32(k, out, n).slice();
  });
