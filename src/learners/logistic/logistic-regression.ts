/**
 * Logistic regression of two or more classes in few rounds: one for means, deviations and class shares; a few over a sample, which
 * bring the coefficients to where sampling noise hides the rest; then two over all rows. Narrow problems take damped Newton steps (with
 * an L1 part proximal ones), wide ones L-BFGS or OWL-QN.
 *
 * The first round over all rows after a sample asks a narrow problem for the gradient only, which costs half, and steps by the sample's
 * curvature: that differs from the curvature of all rows by a share of about sqrt(coordinates / sampled rows), and the distance to the
 * optimum shrinks by as much (Erdogdu & Montanari, "Convergence rates of sub-sampled Newton methods", NIPS 2015; Roosta-Khorasani &
 * Mahoney, "Sub-sampled Newton methods", Math. Program. 2019). The second asks for the curvature too, so what ends the training and
 * gives the standard errors is of all rows, however bad the sample.
 *
 * Objective: 1/W sum w log-loss + regParam (elasticNetParam |v|_1 + (1 - elasticNetParam)/2 |v|^2), v as in penalty.ts; intercepts are
 * free. This is Spark's; `convention: spark` takes its unbiased deviations, `sklearn` penalises the columns as they are
 * (scikit-learn's C is 1/(W regParam)).
 *
 * `tol`: stops when a bound on loss less optimum (newton.ts; of L-BFGS an estimate) is below tol/10,000 of the loss of knowing class
 * shares only. `maxIter`: rounds over all rows after the first.
 */
import { kernels, withKernels } from "../../kernels/kernels.ts";
import { WIDE_COLUMNS } from "../blocks.ts";
import {
  answersOf,
  concerns,
  type JointAsk,
  type JointStatistic,
  joinQuestions,
  type Question,
  type Sample,
  visitBlocks,
  visitSparseBlocks,
} from "../candidates.ts";
import { byColumn, lineWeights } from "../describe.ts";
import { scaledView, sourceView } from "../encoding.ts";
import type { Candidate, Described, Learner, Turn } from "../learner.ts";
import type { LogisticRegressionParams } from "../params.ts";
import { addColumns, type ColumnMoments, emptyColumns, mergeColumns } from "./columns.ts";
import { type Descent, startDescent } from "./descent.ts";
import {
  addBlock,
  addSparseBlock,
  collect,
  curvaturePairs,
  emptyLoss,
  type LossSums,
  mergeLoss,
  type PlacedPoint,
  type Point,
  placePoint,
  predictorAt,
  triangle,
} from "./loss.ts";
import { type LogisticModel, modelOf } from "./model.ts";
import { afterRound } from "./rounds.ts";
import { sampleOf } from "./sample.ts";
import { linesOf, type Scaling, scalingOf } from "./scaling.ts";

/** Coordinates up to which a round also sums the curvature: the cost of a row is their square, that of a further round is a scan. */
const NEWTON_COORDINATES = 300;

export interface LogisticState {
  readonly candidate: Candidate<LogisticRegressionParams>;
  readonly phase: "columns" | "sample" | "full";
  /** Rounds ended, those over a sample among them, and those over all rows after the first. */
  readonly rounds: number;
  readonly sampleRounds: number;
  readonly iterations: number;
  readonly scaling: Scaling | null;
  readonly sample: Sample | null;
  readonly descent: Descent | null;
  /** Objective at each point accepted over all rows. */
  readonly losses: readonly number[];
  /** Decrements s'Hs of the last steps. */
  readonly decrements: readonly number[];
  /** Where the coordinates ended. */
  readonly result: { readonly at: Float64Array; readonly value: number } | null;
  /** Of the coordinates, where known. */
  readonly covariance: Float64Array | null;
  readonly warnings: readonly string[];
}

type LogisticBody =
  | { readonly kind: "columns"; readonly classes: number; readonly sparse: boolean }
  | ({ readonly kind: "loss"; readonly sparse: boolean } & Point);
export type LogisticAsk = JointAsk<LogisticBody>;
export type LogisticStatistic = JointStatistic<ColumnMoments | LossSums>;

export const logisticRegression: Learner<LogisticRegressionParams, LogisticState, LogisticAsk, LogisticStatistic, LogisticModel> = {
  name: "logisticRegression",
  source:
    "Bach 2010 (Newton's stop); Lee, Sun & Saunders 2014 (proximal Newton); Nocedal & Wright 2006, 7.4 (L-BFGS); Andrew & Gao 2007 (OWL-QN)",
  tasks: ["binary", "multiclass"],
  rows: "matrix",

  cost({ columns, classes, rows }, params) {
    const lines = classes > 2 || params.family === "multinomial" ? classes : 1;
    const coordinates = lines * (columns + 1);
    const newton = isNewton(lines, columns);
    const curvature = newton ? curvaturePairs(lines) * triangle(columns + 1) : 0;
    const moments = 3 * columns + classes;
    return {
      statisticBytes: 8 * Math.max(coordinates + curvature, moments) + 512,
      stateBytes: 8 * (newton ? 8 * coordinates + coordinates * coordinates : 28 * coordinates) + 8_192,
      rounds: (newton ? 4 : 30) + (rows > 200_000 ? 5 : 4),
      flopsPerRow: newton ? curvaturePairs(lines) * columns * (columns + 3) + 4 * coordinates + 40 : 4 * coordinates + 40,
    };
  },

  settled: (params, classes) => ({
    ...params,
    family: params.family === "auto" ? (classes > 2 ? "multinomial" : "binomial") : params.family,
  }),

  start(candidate) {
    linesOf(candidate);
    return {
      candidate,
      phase: "columns",
      rounds: 0,
      sampleRounds: 0,
      iterations: 0,
      scaling: null,
      sample: null,
      descent: null,
      losses: [],
      decrements: [],
      result: null,
      covariance: null,
      warnings: [],
    };
  },

  // Candidates that need all rows wait for those that still read a sample: together they read all rows fewer times.
  ask(active) {
    const sampling = active.some(({ phase }) => phase === "sample");
    const asking = active.map((state) => (sampling && state.phase === "full" ? [] : [questionOf(state)]));
    return joinQuestions(asking, active[0].candidate.shape);
  },

  empty: (ask) => ({
    answers: ask.questions.map(({ view, body }) => {
      const columns = ask.views[view].columns.length;
      return body.kind === "columns" ? emptyColumns(columns, body.classes) : emptyLoss(columns, body);
    }),
  }),

  map(into, part, ask) {
    ask.questions.forEach((question, place) => {
      const answer = into.answers[place];
      const { body } = question;
      if (body.kind !== "columns" || answer.kind !== "columns" || !concerns(question, part)) return;
      addColumns(answer, part, ask.views[question.view], question.folds, body.sparse);
    });
    withKernels((k) => {
      const placed: PlacedPoint[] = [];
      ask.questions.forEach((question, place) => {
        const { body, view } = question;
        if (body.kind === "loss" && concerns(question, part)) placed[place] = placePoint(k, body, ask.views[view].columns.length);
      });
      const isLoss = (sparse: boolean) => (question: { readonly body: LogisticBody }) =>
        question.body.kind === "loss" && question.body.sparse === sparse;
      visitBlocks(part, ask, isLoss(false), (block, place) => addBlock(k, into.answers[place] as LossSums, placed[place], block));
      visitSparseBlocks(part, ask, isLoss(true), (block, place) =>
        addSparseBlock(k, into.answers[place] as LossSums, placed[place], block),
      );
      placed.forEach((point, place) => {
        collect(k, into.answers[place] as LossSums, point);
      });
    });
  },

  merge(into, other) {
    into.answers.forEach((answer, place) => {
      const from = other.answers[place];
      if (answer.kind === "columns" && from.kind === "columns") mergeColumns(answer, from);
      else if (answer.kind === "loss" && from.kind === "loss") mergeLoss(answer, from);
      else throw new Error(`statistics must answer the same questions, got ${answer.kind} and ${from.kind} at place ${place}`);
    });
  },

  step: (merged, ask, active) =>
    active.map((state, i) => {
      const [answer] = answersOf(ask, merged, i);
      if (answer === undefined) return { state, done: false };
      const next = { ...state, rounds: state.rounds + 1 };
      return answer.kind === "columns" ? opened(next, answer) : afterRound(next, answer);
    }),

  model: modelOf,
  describe,
  predict: (model, block, out) => withKernels((k) => predictorAt(k, pointOf(model))(block, out)),
  predictor: (model) => predictorAt(kernels(), pointOf(model)),
  sparsePredictor: (model) => predictorAt(kernels(), pointOf(model)),
};

const isNewton = (lines: number, columns: number): boolean => columns <= WIDE_COLUMNS && lines * (columns + 1) <= NEWTON_COORDINATES;

const pointOf = ({ coefficients, intercepts }: LogisticModel): Pick<Point, "lines" | "weights" | "intercepts"> => ({
  lines: intercepts.length,
  weights: Float64Array.from(coefficients.flat()),
  intercepts: Float64Array.from(intercepts),
});

function questionOf({ candidate, phase, scaling, sample, descent }: LogisticState): Question<LogisticBody> {
  const { view, trainFolds: folds, classes } = candidate;
  if (phase === "columns" || scaling === null || descent === null) {
    const source = sourceView(view);
    const body = { kind: "columns", classes: classes.length, sparse: view.columns.length > WIDE_COLUMNS } as const;
    return { key: `columns ${folds} ${JSON.stringify(source)}`, view: source, folds, sample: null, body };
  }
  const { kept, centre, deviation, offsets } = scaling;
  const encoded = scaledView(
    view,
    kept,
    // Exactly 0 where zeros stay out: what rounding left of the centre would make every row a dense one.
    centre.map((value, j) => (offsets[j] === 0 ? value : 0)),
    deviation.map((value) => 1 / value),
  );
  const body: LogisticBody = { kind: "loss", sparse: scaling.sparse, ...pointAt(descent, scaling) };
  return { key: `loss ${candidate.id}`, view: encoded, folds, sample: phase === "sample" ? sample : null, body };
}

/** The coordinates as weights of the columns as they are stored. */
function pointAt({ trial: at, sampled }: Descent, scaling: Scaling): Point {
  const { lines, kept, offsets, classFactors } = scaling;
  const d = kept.length;
  const weights = new Float64Array(lines * d);
  const intercepts = new Float64Array(lines);
  for (let line = 0; line < lines; line++) {
    const own = at.subarray(line * (d + 1), (line + 1) * (d + 1));
    weights.set(own.subarray(0, d), line * d);
    intercepts[line] = own[d];
    for (let j = 0; j < d; j++) intercepts[line] -= own[j] * offsets[j];
  }
  return { lines, weights, intercepts, classFactors, curvature: !scaling.sparse && isNewton(lines, d) && sampled === null };
}

function absentWarnings({ classes }: Candidate<LogisticRegressionParams>, { present }: Scaling): string[] {
  const absent = classes.filter((_, k) => !present.includes(k));
  return absent.length === 0 ? [] : [`training has no rows of class ${absent.join(", ")}`];
}

function opened(state: LogisticState, moments: ColumnMoments): Turn<LogisticState> {
  const { candidate } = state;
  const scaling = scalingOf(candidate, moments);
  const at = new Float64Array(scaling.lines * (scaling.kept.length + 1));
  scaling.prior.forEach((intercept, line) => {
    at[(line + 1) * (scaling.kept.length + 1) - 1] = intercept;
  });
  const begun = { ...state, scaling, warnings: absentWarnings(candidate, scaling) };
  if (scaling.present.length === 1) {
    const warning = `all training rows are of class ${candidate.classes[scaling.present[0]]}: the model always predicts it`;
    return {
      state: { ...begun, result: { at, value: scaling.priorLoss }, warnings: [...begun.warnings, warning] },
      done: true,
      loss: scaling.priorLoss,
    };
  }
  const sample = sampleOf(candidate.shape, scaling.rows, at.length);
  return {
    state: { ...begun, sample, phase: sample === null ? "full" : "sample", descent: startDescent(at) },
    done: false,
    loss: scaling.priorLoss,
  };
}

/** Two classes have one line, for the margin of the second; more have one each, by class name. */
function describe({ columns, classes, source, standardErrors, warnings, loss, priorLoss }: LogisticModel): Described {
  const [line] = source;
  const one = source.length === 1;
  const intercept = one ? line.intercept : Object.fromEntries(classes.map((name, k) => [name, source[k].intercept]));
  const coefficients = one
    ? byColumn(columns, line.coefficients)
    : Object.fromEntries(classes.map((name, k) => [name, byColumn(columns, source[k].coefficients)]));
  return {
    readable: { intercept, coefficients, standardErrors, objective: { prior: priorLoss, final: loss } },
    weights: lineWeights(source),
    warnings,
  };
}
