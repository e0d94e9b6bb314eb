/**
 * Gradient boosting of trees, exactly, from merged histograms: Friedman, "Greedy function approximation" (Ann. Stat. 2001); second order
 * as in Chen & Guestrin, "XGBoost" (KDD 2016), with the bins and the leaf-wise growth of Ke et al., "LightGBM" (NIPS 2017).
 *
 * One round finds the bins; then a tree takes about as many rounds as it is deep. Rows stay in bins in the memory of their function,
 * with their margins, derivatives and nodes as carry. Derivatives are rounded so that sums of them are exact: who adds up what, in which
 * order, and what is built rather than subtracted, never shows in a model.
 */
import { hashString } from "../../kernels/hash.ts";
import { answersOf, concerns, type JointAsk, type JointStatistic, joinQuestions, type Question } from "../candidates.ts";
import type { Cost, Learner, Shape, Work } from "../learner.ts";
import { binnedBytes } from "../trees/bins/bins.ts";
import { addSeen, type CutsBody, cutsBody, emptySeen, mergeSeen, type Seen, seenBytes } from "../trees/bins/cuts.ts";
import { describeTrees, predictTrees, treeExplainer, treePredictor } from "../trees/ensemble/model.ts";
import { emptyAnswer, type GrowAnswer, mergeAnswers } from "./answer.ts";
import type { GrowBody } from "./body.ts";
import { conventionOf } from "./convention.ts";
import { heldBy, sampleOf } from "./draw.ts";
import { takeOver } from "./gathering.ts";
import { mostAsked } from "./growing/grow.ts";
import { allRoutes, routesOf, stayed } from "./growing/routes.ts";
import { SMALL_BYTES } from "./growing/small.ts";
import { derivedBy, lossNamed } from "./losses.ts";
import { type BoostingModel, modelOf } from "./model.ts";
import { builtIn, concludeRange, cutRange, type Kept, searchOf, sumsIn } from "./ranges.ts";
import { isMoving, refitBody, refitBytes } from "./refit.ts";
import { carryBytes, growPart } from "./rows.ts";
import { type BoostingParams, type BoostingState, grown, type Line, limitsOf, opened, rowCounts, stampAfter, startState } from "./state.ts";
import { type TrainedBody, trainedBody, trainedCost, trainedRows } from "./trained.ts";

type Body = (CutsBody | GrowBody) & { readonly loss: string };
type BoostingAsk = JointAsk<Body>;
type BoostingStatistic = JointStatistic<Seen | GrowAnswer>;
type Boosting<Params extends BoostingParams> = Learner<Params, BoostingState, BoostingAsk, BoostingStatistic, BoostingModel>;

const source = "Friedman 2001; Chen & Guestrin 2016 (second order); Ke et al. 2017 (leaf-wise, bins)";

/** All but what differs between numbers and classes. */
const shared: Omit<Boosting<BoostingParams>, "name" | "tasks"> = {
  source,
  rows: "bins",
  cost: costOf,
  start: (candidate, _, from) => startState(candidate, from),
  goesOn: true,

  // A tree that only its depth bounds has any number of leaves.
  settled: (params) =>
    params.maxLeaves === undefined && params.maxDepth !== undefined ? params : { ...params, maxLeaves: limitsOf(params).maxLeaves },

  ask(active): Work<BoostingAsk> {
    const growing = active.every(({ cuts }) => cuts !== null);
    const work = joinQuestions(
      active.map((state) => [questionOf(state)]),
      active[0].candidate.shape,
    );
    if (!growing) return work;
    const parts = [...new Set(active.flatMap(({ facts }) => facts?.parts ?? []))].sort((a, b) => a - b);
    const { ranges = 1 } = active[0].candidate;
    return { ...work, parts, anyOrder: true, ...(ranges > 1 && { ranges }) };
  },

  empty: (ask) => ({
    answers: ask.questions.map(({ view, body }) => (body.kind === "cuts" ? emptySeen(ask.views[view], body) : emptyAnswer())),
  }),

  map(into, part, ask) {
    ask.questions.forEach((question, place) => {
      const { body, folds } = question;
      const view = ask.views[question.view];
      const answer = into.answers[place];
      if (!concerns(question, part)) return;
      if (body.kind === "cuts") {
        addSeen(answer as Seen, part, view, folds, body);
        return;
      }
      const binned = part.binned(view, body.cuts, folds);
      if (binned.rows > 0) growPart(answer as GrowAnswer, part, binned, body, lossNamed(body.loss));
    });
  },

  finish(into) {
    for (const answer of into.answers) if (answer.kind === "grow") takeOver(answer);
  },

  merge(into, other) {
    into.answers.forEach((answer, place) => {
      const from = other.answers[place];
      if (answer.kind === "cuts" && from.kind === "cuts") mergeSeen(answer, from);
      else if (answer.kind === "grow" && from.kind === "grow") mergeAnswers(answer, from);
      else throw new Error(`statistics must answer the same questions, got ${answer.kind} and ${from.kind} at place ${place}`);
    });
  },

  ranges: {
    cut(from, ask, ranges) {
      const answers = from.answers as readonly GrowAnswer[];
      if (answers.some(({ lost }) => lost > 0)) return null;
      const bodies = ask.questions.map(({ body }) => body as GrowBody);
      // Small nodes alone, or leaves that are predicted anew.
      if (bodies.every((body) => builtIn(body) === 0)) return null;
      const isEmpty = answers.every(({ histogram }) => histogram.length === 0);
      const pieces = Array.from({ length: ranges }, (_, number): Float64Array => {
        if (isEmpty) return new Float64Array(0);
        const range = { number, of: ranges };
        const sizes = bodies.map((body) => sumsIn(range, body));
        const sums = new Float64Array(sizes.reduce((sum, size) => sum + size, 0));
        let at = 0;
        sizes.forEach((size, place) => {
          cutRange(answers[place], bodies[place], range, sums.subarray(at, at + size));
          at += size;
        });
        return sums;
      });
      for (const answer of answers) answer.histogram = new Float64Array(0);
      return pieces;
    },

    conclude(sums, ask, range, kept) {
      const keeping = {};
      let at = 0;
      const answers = ask.questions.map((question): GrowAnswer => {
        const body = question.body as GrowBody;
        const size = sumsIn(range, body);
        const own = sums.length === 0 ? new Float64Array(size) : sums.subarray(at, at + size);
        at += size;
        const concluded = concludeRange(own, body, ask.views[question.view], range, (kept ?? {}) as Kept);
        Object.assign(keeping, concluded.kept);
        return { ...emptyAnswer(), found: concluded.found };
      });
      return { statistic: { answers }, kept: keeping };
    },
  },

  step: (merged, ask, active) =>
    active.map((state, i) => {
      const [answer] = answersOf(ask, merged, i);
      const loss = lossNamed(derivedBy(state.candidate));
      return answer.kind === "cuts" ? opened(state, answer, loss, binsKey(state)) : grown(state, answer, loss);
    }),

  model: modelOf,
  trained: {
    ask: trainedBody,
    predictions: (part, view, folds, body, _, each) => trainedRows(part, view, folds, body as TrainedBody, each),
  },
  describe: describeTrees,
  predict: predictTrees,
  predictor: treePredictor,
  explainer: treeExplainer,
};

export const gradientBoostingRegressor: Boosting<BoostingParams> = {
  ...shared,
  name: "gradientBoostingRegressor",
  tasks: ["regression"],
};

export const gradientBoostingClassifier: Boosting<BoostingParams> = {
  ...shared,
  name: "gradientBoostingClassifier",
  tasks: ["binary", "multiclass"],
};

/** Names the cuts of equal views, folds and bins. */
function binsKey({ candidate: { view, trainFolds, params }, earlier }: BoostingState): string {
  const text = JSON.stringify([view, trainFolds, params.maxBins, params.seed, params.convention, heldBy(params), earlier?.key]);
  return `${hashString(text, 1)} ${hashString(text, 2)}`;
}

function questionOf(state: BoostingState): Question<Body> {
  const { candidate, cuts, growing, ending, losses, lost, refit } = state;
  const { view, trainFolds, params, classes, shape, ranges = 1 } = candidate;
  const loss = derivedBy(candidate);
  const same = { view, folds: trainFolds, sample: null };
  if (cuts === null) {
    const body = cutsBody(shape.rows, view.columns.length, params.maxBins, classes.length, params.seed, heldBy(params));
    return { ...same, key: `cuts ${binsKey(state)}`, body: { ...body, loss } };
  }
  // A tree that waits for others of its iteration stays as it is, and so does one whose rows are in its leaves.
  const moves = ({ taken }: Line): boolean => (refit === null ? taken === null : isMoving(refit));
  const lines = growing.map((line) => (moves(line) ? line.growing : stayed(line.growing)));
  const body: GrowBody = {
    kind: "grow",
    name: `${candidate.id}`,
    before: state.stamp,
    after: stampAfter(state),
    cuts,
    rows: rowCounts(state, lossNamed(loss)),
    base: state.base,
    quanta: state.quanta,
    factors: state.factors,
    // All rows tell where to start from.
    sample: refit !== null && refit.tree === null ? null : sampleOf(state),
    held: heldBy(params),
    begin: ending,
    routes: lines.map(routesOf),
    search: ranges === 1 ? null : { params, lines: lines.map((own, line) => searchOf(own, `${state.trees.length} ${line}`)) },
    refit: refit === null ? null : refitBody(refit),
    // Where carries were lost twice there is no room for them, or no function that keeps them.
    history: lost || losses > 1 ? { trees: state.trees, routes: growing.map((line) => allRoutes(line.growing)) } : null,
  };
  return { ...same, key: `grow ${candidate.id}`, body: { ...body, loss } };
}

function costOf({ rows, columns, classes }: Shape, params: BoostingParams): Cost {
  const lines = classes > 2 ? classes : 1;
  const { maxDepth, maxLeaves } = limitsOf(params);
  // Rows are an estimate before they are read.
  const leaves = Math.min(maxLeaves, 2 ** Math.min(maxDepth, 20), Math.max(2, Math.ceil((1.1 * rows) / params.minRows)));
  const isRefitted = "loss" in params && (params.loss === "absolute" || params.loss === "quantile");
  const orders = isRefitted ? refitBytes(leaves) : 0;
  const frontier = mostAsked({ maxLeaves: leaves, maxDepth });
  const numbers = 3 * columns * (params.maxBins + 1);
  const histogram = 8 * numbers + LEAD_BYTES;
  // Rows of small nodes travel in place of their histograms, of both of two children; and no row is in two nodes.
  const all = 1.1 * rows * (columns + 24);
  const small = (most: number): number => Math.min(2 * frontier * most, all);
  // So a histogram is asked of a node whose rows take more bytes, and of the root; unless nodes do not know their rows.
  const knowsRows = params.minRows > 1 || conventionOf(params).needsRows;
  const built = knowsRows ? Math.min(frontier * histogram, all + histogram) : frontier * histogram;
  const growing = Math.max(lines * (built + small(Math.max(histogram, SMALL_BYTES))), orders);
  const rest = Math.max(lines * (2 * frontier * FOUND_BYTES + small(SMALL_BYTES)), orders);
  const facts = seenBytes(rows, columns, params.maxBins);
  const besides = 1_024 + 64 * classes;
  const trees = lines * (params.trees * leaves * 2 * 64 + 4 * leaves * 600) + columns * 2_200 + 8_192;
  return {
    statisticBytes: Math.max(growing, facts) + besides,
    stateBytes: trees,
    rounds: 1 + params.trees * Math.ceil(Math.log2(leaves) + 1 + (isRefitted ? 2 : 0)),
    flopsPerRow: lines * columns * 2,
    // Bins lie row by row and column by column.
    kept: { bins: binnedBytes(1, columns) + columns, carry: carryBytes(1, lines) },
    judged: trainedCost(lines),
    // While the reducer grows what is below small nodes, every leaf may have a histogram; fewer are kept between rounds.
    gathered: { firstBytes: facts + besides, statisticBytes: growing + besides, parentBytes: lines * leaves * 8 * numbers },
    ranged: { most: columns, sumsBytes: lines * frontier * histogram, restBytes: rest + besides },
  };
}

/** Of a node whose histogram is built, what leads its rows there. */
const LEAD_BYTES = 6 * 1_024;
/** Of what ranges find of a node: its split by bin, and its sums. */
const FOUND_BYTES = 1_024;
