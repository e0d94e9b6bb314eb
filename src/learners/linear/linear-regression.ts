/**
 * Linear regression by weighted moments: one scan of the data for any number of settings and folds. Least squares and ridge by
 * Cholesky, lasso and elastic net by coordinate descent on the same moments; a fold's squared errors follow from its own moments.
 * Ill-conditioned fits take up to six more scans (refine.ts). `maxIter` and `tol` have nothing to bound: the answer is exact.
 *
 * Objective: 1/(2W) sum w (y - b - x'c)^2 + regParam (elasticNetParam |v|_1 + (1 - elasticNetParam)/2 |v|^2), v as in penalty.ts; the
 * intercept b is free. `convention: spark` divides the L2 part by the label's deviation; `sklearn` is Ridge's or ElasticNet's objective.
 */
import type { View } from "../../features/view.ts";
import { float64, kernels, place, withKernels } from "../../kernels/kernels.ts";
import { InputError } from "../../ports/errors.ts";
import { type Comoments, emptyComoments, mergeComoments } from "../../statistics/comoments.ts";
import { answersOf, concerns, type JointAsk, type JointStatistic, joinQuestions, type Question, visitBlocks } from "../candidates.ts";
import { byColumn, lineWeights } from "../describe.ts";
import { inView, type SourceLine, sourceView } from "../encoding.ts";
import { jointView } from "../joint-view.ts";
import type { Block, Candidate, Learner, SparseBlock, Turn } from "../learner.ts";
import { blockMargins } from "../margins.ts";
import type { LinearRegressionParams } from "../params.ts";
import { foldMetrics, squaredErrors } from "./judge.ts";
import { partComoments } from "./moments.ts";
import { ownMoments } from "./own-moments.ts";
import { MAX_REFINEMENTS, needsRefinement, refine } from "./refine.ts";
import { addResidual, emptyResidual, mergeResidual, type Residual } from "./residual.ts";
import { type Significance, significance } from "./significance.ts";
import { leastSquares } from "./solve.ts";

export interface LinearState {
  readonly candidate: Candidate<LinearRegressionParams>;
  /** Moments of rows that are not there any more, in the units of the dataset's columns. */
  readonly kept: Comoments | null;
  readonly rounds: number;
  /** Null until the first round is over. */
  readonly training: Comoments | null;
  readonly held: Comoments | null;
  readonly line: SourceLine | null;
  /** Weighted sum of squared residuals. */
  readonly squares: number;
  readonly refinements: number;
  readonly warnings: readonly string[];
}

/** What one question is about: the moments of some folds, or the residuals of a candidate's line. */
type LinearBody = { readonly kind: "moments" } | { readonly kind: "residual"; readonly line: SourceLine };
export type LinearAsk = JointAsk<LinearBody>;
type LinearAnswer = { readonly kind: "moments"; readonly moments: Comoments } | Residual;
export type LinearStatistic = JointStatistic<LinearAnswer>;

export interface LinearModel {
  readonly learner: "linearRegression";
  readonly columns: readonly string[];
  /** Of the columns of the view. */
  readonly coefficients: readonly number[];
  readonly intercept: number;
  /** The same in the units of the dataset's columns. */
  readonly source: SourceLine;
  readonly rounds: number;
  readonly rows: number;
  /** Share of the label's weighted variance (without an intercept: of its squares) explained in training; null for a constant label. */
  readonly r2: number | null;
  readonly significance: Significance | null;
  readonly warnings: readonly string[];
}

/** Refinement reads the rows again, and those of earlier versions are gone. */
const COARSE =
  "columns are nearly collinear, and an update cannot go over the rows of earlier versions: coefficients have fewer digits than after training on all rows at once";

/** Above this the moments of one candidate pass 64 MiB, Spark's limit for its normal equations too. */
const MAX_COLUMNS = 4_096;

export const linearRegression: Learner<LinearRegressionParams, LinearState, LinearAsk, LinearStatistic, LinearModel> = {
  name: "linearRegression",
  source: "Chan, Golub & LeVeque 1979 (moments); Friedman, Hastie & Tibshirani 2010 (coordinate descent); Björck 1996, 2.9.3 (refinement)",
  tasks: ["regression"],
  rows: "matrix",
  onePass: true,

  cost: ({ columns }) => ({
    statisticBytes: 8 * (((columns + 1) * (columns + 2)) / 2 + columns + 1) + 512,
    stateBytes: 16 * (((columns + 1) * (columns + 2)) / 2 + 2 * columns) + 4_096,
    rounds: 1,
    flopsPerRow: columns * (columns + 6),
  }),

  start(candidate, kept) {
    const columns = candidate.view.columns.length;
    if (columns > MAX_COLUMNS)
      throw new InputError(`linearRegression must have at most ${MAX_COLUMNS} columns, got ${columns}; hash categories into fewer buckets`);
    return {
      candidate,
      kept: (kept as Comoments | undefined) ?? null,
      rounds: 0,
      training: null,
      held: null,
      line: null,
      squares: 0,
      refinements: 0,
      warnings: [],
    };
  },

  ask(active) {
    const held = active.filter(({ candidate }) => candidate.fold !== null);
    const joint = held.length === 0 ? null : jointView(held.map(({ candidate }) => sourceView(candidate.view)));
    return joinQuestions(
      active.map((state) => questionsOf(state, joint)),
      active[0].candidate.shape,
    );
  },

  empty: (ask) => ({
    answers: ask.questions.map(({ view, body }) => {
      const columns = ask.views[view].columns.length;
      return body.kind === "moments" ? { kind: "moments", moments: emptyComoments(columns + 1) } : emptyResidual(columns);
    }),
  }),

  map(into, part, ask) {
    ask.questions.forEach((question, place) => {
      const answer = into.answers[place];
      if (answer.kind !== "moments" || !concerns(question, part)) return;
      mergeComoments(answer.moments, partComoments(part, ask.views[question.view], question.folds));
    });
    visitBlocks(
      part,
      ask,
      ({ body }) => body.kind === "residual",
      (block, place) => {
        const body = ask.questions[place].body;
        if (body.kind === "residual") addResidual(into.answers[place] as Residual, block, body.line);
      },
    );
  },

  merge(into, other) {
    into.answers.forEach((answer, place) => {
      const from = other.answers[place];
      if (answer.kind === "moments" && from.kind === "moments") mergeComoments(answer.moments, from.moments);
      else if (answer.kind === "residual" && from.kind === "residual") mergeResidual(answer, from);
      else throw new Error(`statistics must answer the same questions, got ${answer.kind} and ${from.kind} at place ${place}`);
    });
  },

  step: (merged, ask, active) =>
    active.map((state, i) => {
      const answers = answersOf(ask, merged, i);
      if (state.line !== null) return refined(state, state.line, answers[0] as Residual);
      return solved(state, answers, ask.views[ask.questions[ask.asked[i][0]].view]);
    }),

  keep: ({ training }) => training,
  heldOut: ({ held, line }) => (held === null || line === null ? null : foldMetrics(held, line)),

  model,
  describe: ({ columns, source, r2, significance, warnings }) => ({
    readable: { intercept: source.intercept, coefficients: byColumn(columns, source.coefficients), r2, significance },
    weights: lineWeights([source]),
    warnings,
  }),
  predict,
  predictor,
  sparsePredictor: predictor,
};

/**
 * What is to be a model adds up its rows in their order, as it does alone, to the last bit. Candidates that are only judged need the same
 * few folds in different sums, and take them fold by fold. `joint` holds the columns of all of these, if it can.
 */
function questionsOf({ candidate, line }: LinearState, joint: View | null): Question<LinearBody>[] {
  const view = sourceView(candidate.view);
  if (line !== null) {
    return [{ key: `residual ${candidate.id}`, view, folds: candidate.trainFolds, sample: null, body: { kind: "residual", line } }];
  }
  const scanned = candidate.fold === null ? view : (joint ?? view);
  const groups = candidate.fold === null ? [candidate.trainFolds] : [...candidate.trainFolds, candidate.fold].map((one) => [one]);
  const columns = JSON.stringify(scanned);
  return groups.map((folds) => ({ key: `moments ${folds} ${columns}`, view: scanned, folds, sample: null, body: { kind: "moments" } }));
}

/** The first answer of all: moments of the training rows, of a fold's candidate in ascending order of the folds and then of the held-out one. */
function solved(state: LinearState, answers: readonly LinearAnswer[], scanned: View): Turn<LinearState> {
  const { candidate } = state;
  const view = sourceView(candidate.view);
  const moments = answers.map((answer) => ownMoments((answer as Extract<LinearAnswer, { kind: "moments" }>).moments, scanned, view));
  const training = emptyComoments(candidate.view.columns.length + 1);
  const held = candidate.fold === null ? null : (moments.pop() ?? null);
  for (const of of [...(state.kept === null ? [] : [state.kept]), ...moments]) mergeComoments(training, of);
  if (training.weight === 0) throw new InputError("linearRegression must have training rows of positive weight, got none");
  const fit = leastSquares(training, candidate.view, candidate.params);
  const { line } = fit;
  const isCoarse = needsRefinement(fit);
  const warnings = [
    ...fit.warnings,
    ...(training.c[training.c.length - 1] === 0 ? ["the label is constant in training"] : []),
    ...(isCoarse && state.kept !== null ? [COARSE] : []),
  ];
  const next = { ...state, kept: null, rounds: 1, training, held, line, squares: squaredErrors(training, line), warnings };
  return ended(next, !isCoarse || state.kept !== null);
}

function refined(state: LinearState, before: SourceLine, residual: Residual): Turn<LinearState> {
  const { view, params } = state.candidate;
  const { line, settled } = refine(state.training as Comoments, view, params, before, residual);
  const refinements = state.refinements + 1;
  const next = { ...state, rounds: state.rounds + 1, line, squares: residual.squares, refinements };
  return ended(next, settled || refinements === MAX_REFINEMENTS);
}

const ended = (state: LinearState, done: boolean): Turn<LinearState> => ({
  state,
  done,
  loss: state.squares / 2 / (state.training as Comoments).weight,
});

function model(state: LinearState): LinearModel {
  const { candidate, line, training, squares } = state;
  if (line === null || training === null) throw new Error("a model must come after the first round, got none");
  const { view, params } = candidate;
  const inViewUnits = inView(view, line);
  const mean = training.mean[view.columns.length];
  const total = training.c[training.c.length - 1] + (params.fitIntercept ? 0 : training.weight * mean * mean);
  return {
    learner: "linearRegression",
    columns: view.columns.map(({ name }) => name),
    ...inViewUnits,
    source: line,
    rounds: state.rounds,
    rows: training.rows,
    r2: total > 0 ? 1 - squares / total : null,
    significance: params.regParam === 0 ? significance(training, view, params, line, squares) : null,
    warnings: state.warnings,
  };
}

function predict(model: LinearModel, block: Block, out: Float64Array): void {
  withKernels(() => {
    predictor(model)(block, out);
  });
}

/** What it places in kernel memory is the caller's to release. */
function predictor({ coefficients, intercept }: LinearModel): (block: Block | SparseBlock, out: Float64Array) => void {
  const k = kernels();
  const weights = place(k, coefficients);
  return (block, out) => {
    const { rows } = block;
    const mark = k.mark();
    const z = k.allocate(8 * (rows + (rows % 2)));
    blockMargins(k, block, weights, intercept, z);
    out.set(float64(k, z, rows));
    k.release(mark);
  };
}
