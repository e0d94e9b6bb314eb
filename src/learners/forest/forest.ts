/**
 * Random forests and single trees (Breiman, "Random forests", 2001; Breiman et al., "Classification and regression trees", 1984) on bins.
 * One round finds the bins; then the rows come together, a byte a column, and trees grow from them, as many in a round as take a few
 * seconds. Which rows a tree draws and which columns a node looks at are hashes of the row's number and the node's path.
 */
import { hashString } from "../../kernels/hash.ts";
import { InputError } from "../../ports/errors.ts";
import { answersOf, concerns, type JointAsk, type JointStatistic, joinQuestions, type Question } from "../candidates.ts";
import type { Candidate, Cost, Cuts, Learner, Shape, Turn } from "../learner.ts";
import {
  decisionTreeClassifierParams,
  decisionTreeRegressorParams,
  type RandomForestClassifierParams,
  type RandomForestRegressorParams,
  randomForestClassifierParams,
  randomForestRegressorParams,
} from "../params.ts";
import { addSeen, type CutsBody, categoriesOf, cutsBody, cutsOf, emptySeen, mergeSeen, type Seen, seenBytes } from "../trees/cuts.ts";
import { describeTrees, predictTrees, type TreeModel, treeExplainer, treePredictor } from "../trees/model.ts";
import { packEnsemble } from "../trees/pack.ts";
import type { Tree } from "../trees/tree.ts";
import { drawer, subsetSize, treeSeed } from "./draw.ts";
import { type GrowRules, growTree } from "./grow.ts";
import { addTree, type OutOfBag, type OutOfBagScore, scoreOf, startOutOfBag } from "./out-of-bag.ts";
import { addBinned, addRows, type GatheredRows, inOrder, noRows } from "./rows.ts";

/** Those of a single tree are those of a forest of one. */
type ForestParams = RandomForestRegressorParams & Partial<Omit<RandomForestClassifierParams, keyof RandomForestRegressorParams>>;

interface ForestState {
  readonly candidate: Candidate<ForestParams>;
  /** Null until the first round is over. */
  readonly cuts: Cuts | null;
  readonly trees: readonly Tree[];
  readonly outOfBag: OutOfBag | null;
  readonly score: OutOfBagScore | null;
  readonly warnings: readonly string[];
}

type RowsBody = { readonly kind: "rows"; readonly cuts: Cuts };
type Body = CutsBody | RowsBody;
type ForestAsk = JointAsk<Body>;
type ForestStatistic = JointStatistic<Seen | GatheredRows>;
interface ForestModel extends TreeModel {
  readonly outOfBag: OutOfBagScore | null;
}
type Forest<Params> = Learner<Params, ForestState, ForestAsk, ForestStatistic, ForestModel>;

/** Rows times trees that one round grows: a few seconds. */
const ROUND_WORK = 10_000_000;

/** What a single tree does not ask. */
const ONE_TREE = { numTrees: 1, featureSubsetStrategy: "all", bootstrap: false, subsamplingRate: 1, outOfBag: false } as const;

function learner<Params>(name: string, tasks: Forest<Params>["tasks"], params: Forest<Params>["params"]): Forest<Params> {
  const whole = (own: Params): ForestParams => ({ ...ONE_TREE, ...own }) as unknown as ForestParams;
  return {
    name,
    source: "Breiman 2001; Breiman, Friedman, Olshen & Stone 1984 (trees)",
    tasks,
    rows: "bins",
    params,
    cost: (shape, own) => costOf(shape, whole(own)),

    start: (candidate) => ({
      candidate: { ...candidate, params: whole(candidate.params) },
      cuts: null,
      trees: [],
      outOfBag: null,
      score: null,
      warnings: [],
    }),

    ask: (active) =>
      joinQuestions(
        active.map((state) => [questionOf(state)]),
        active[0].candidate.shape,
      ),

    empty: (ask) => ({
      answers: ask.questions.map(({ view, body }) => {
        const own = ask.views[view];
        return body.kind === "cuts" ? emptySeen(own, body) : noRows(own.columns.length);
      }),
    }),

    map(into, part, ask) {
      ask.questions.forEach((question, place) => {
        if (!concerns(question, part)) return;
        const { body, folds } = question;
        const view = ask.views[question.view];
        const answer = into.answers[place];
        for (const fold of folds) {
          if (body.kind === "cuts") addSeen(answer as Seen, part, view, fold, body);
          else addBinned(answer as GatheredRows, part, part.binned(view, body.cuts, fold));
        }
      });
    },

    merge(into, other) {
      into.answers.forEach((answer, place) => {
        const from = other.answers[place];
        if (answer.kind === "cuts" && from.kind === "cuts") mergeSeen(answer, from);
        else if (answer.kind === "rows" && from.kind === "rows") addRows(answer, from);
        else throw new Error(`statistics must answer the same questions, got ${answer.kind} and ${from.kind} at place ${place}`);
      });
    },

    step: (merged, ask, active) =>
      active.map((state, i) => {
        const [answer] = answersOf(ask, merged, i);
        return answer.kind === "cuts" ? opened(state, answer) : grown(state, answer);
      }),

    model: (state) => modelOf(state, name),
    describe(model, view) {
      const described = describeTrees(model, view);
      return model.outOfBag === null ? described : { ...described, readable: { ...described.readable, outOfBag: model.outOfBag } };
    },
    predict: predictTrees,
    predictor: treePredictor,
    explainer: treeExplainer,
  };
}

export const randomForestRegressor = learner("randomForestRegressor", ["regression"], randomForestRegressorParams);
export const randomForestClassifier = learner("randomForestClassifier", ["binary", "multiclass"], randomForestClassifierParams);
export const decisionTreeRegressor = learner("decisionTreeRegressor", ["regression"], decisionTreeRegressorParams);
export const decisionTreeClassifier = learner("decisionTreeClassifier", ["binary", "multiclass"], decisionTreeClassifierParams);

/** Names the cuts of equal views, folds and bins. */
function binsKey({ candidate: { view, trainFolds, params } }: ForestState): string {
  const text = JSON.stringify([view, trainFolds, params.maxBins, params.seed]);
  return `${hashString(text, 1)} ${hashString(text, 2)}`;
}

function questionOf(state: ForestState): Question<Body> {
  const { view, trainFolds, params, classes, shape } = state.candidate;
  const same = { view, folds: trainFolds, sample: null };
  const key = binsKey(state);
  if (state.cuts !== null) return { ...same, key: `rows ${key}`, body: { kind: "rows", cuts: state.cuts } };
  return {
    ...same,
    key: `cuts ${key}`,
    body: cutsBody(shape.rows, view.columns.length, params.maxBins, classes.length, params.seed, null),
  };
}

function opened(state: ForestState, seen: Seen): Turn<ForestState> {
  const { view, classes, params } = state.candidate;
  const { facts } = seen;
  if (facts.rows === 0) throw new InputError("a forest must have training rows of positive weight, got none");
  const absent = classes.filter((_, k) => facts.classes[k] === 0);
  const warnings = absent.length === 0 ? [] : [`training has no rows of class ${absent.join(", ")}`];
  const cuts = cutsOf(seen, view, params.maxBins, binsKey(state));
  return { state: { ...state, cuts, warnings }, done: false };
}

function grown(state: ForestState, answer: GatheredRows): Turn<ForestState> {
  const { candidate, cuts } = state;
  if (cuts === null) throw new Error("trees grow after their bins are known");
  const { params, classes } = candidate;
  const { rows, centre } = prepared(inOrder(answer), candidate);
  const rules = rulesOf(candidate, cuts, centre);
  const outputs = classes.length > 2 ? classes.length : 1;
  const outOfBag = params.outOfBag ? copyOf(state.outOfBag ?? startOutOfBag(rows.row.length, outputs)) : null;
  const draw = drawer(params.subsamplingRate, params.bootstrap);
  const trees = [...state.trees];
  const most = Math.max(1, Math.floor(ROUND_WORK / Math.max(1, rows.row.length)));
  for (let t = 0; t < most && trees.length < params.numTrees; t++) {
    const seed = treeSeed(params.seed, trees.length);
    const drawn = rows.weight.map((weight, i) => weight * draw(seed, rows.row[i]));
    // A tree that drew nothing, of a handful of rows, has them all.
    const weight = drawn.some((own) => own > 0) ? drawn : rows.weight;
    const tree = growTree(rows, weight, cuts, rules, seed);
    if (outOfBag !== null) addTree(outOfBag, tree, rows, weight, cuts, outputs);
    trees.push(tree);
  }
  const done = trees.length === params.numTrees;
  const score = done && outOfBag !== null ? scoreOf(outOfBag, rows, classes.length, params.threshold ?? 0.5, rules.centre) : null;
  return { state: { ...state, trees, outOfBag: done ? null : outOfBag, score }, done };
}

/** Weights with the factors of their classes; or numbers less their mean, of which sums do not cancel. */
function prepared(rows: GatheredRows, { classes, params }: Candidate<ForestParams>): { rows: GatheredRows; centre: number } {
  const { label, weight } = rows;
  if (classes.length > 0) {
    const factors = factorsOf(classes, params.classWeight, rows);
    return { rows: { ...rows, weight: weight.map((own, i) => own * factors[label[i]]) }, centre: 0 };
  }
  let [sum, all] = [0, 0];
  for (let i = 0; i < label.length; i++) {
    sum += weight[i] * label[i];
    all += weight[i];
  }
  const centre = sum / all;
  return { rows: { ...rows, label: label.map((own) => own - centre) }, centre };
}

function factorsOf(classes: readonly string[], classWeight: ForestParams["classWeight"], { label, weight }: GatheredRows): number[] {
  if (classWeight !== "balanced") return classes.map((name) => classWeight?.[name] ?? 1);
  const weights = new Float64Array(classes.length);
  for (let i = 0; i < label.length; i++) weights[label[i]] += weight[i];
  const all = weights.reduce((sum, own) => sum + own, 0);
  const present = weights.filter((own) => own > 0).length;
  return Array.from(weights, (own) => (own > 0 ? all / (present * own) : 1));
}

function rulesOf({ params, classes }: Candidate<ForestParams>, cuts: Cuts, centre: number): GrowRules {
  return {
    impurity: classes.length === 0 ? "variance" : (params.impurity ?? "gini"),
    classes: classes.length,
    maxDepth: params.maxDepth,
    least: params.minInstancesPerNode,
    minInfoGain: params.minInfoGain,
    subset: subsetSize(params.featureSubsetStrategy, cuts.columns.length, classes.length, params.numTrees),
    centre,
  };
}

const copyOf = ({ sums, trees }: OutOfBag): OutOfBag => ({ sums: sums.slice(), trees: trees.slice() });

function modelOf({ candidate, trees, score, warnings }: ForestState, learnerName: string): ForestModel {
  const { view, classes } = candidate;
  const outputs = classes.length > 2 ? classes.length : 1;
  const ensemble = packEnsemble({ trees, outputs, lines: 1, base: [], link: "mean", categories: categoriesOf(view) });
  return { learner: learnerName, classes, ensemble, outOfBag: score, warnings };
}

function costOf({ rows, columns, classes }: Shape, { numTrees, maxDepth, maxBins, outOfBag }: ForestParams): Cost {
  const outputs = classes > 2 ? classes : 1;
  const leaves = Math.min(2 ** Math.min(maxDepth, 30), Math.max(1, 0.64 * rows));
  return {
    statisticBytes: Math.max(rows * (columns + 24), seenBytes(rows, columns, maxBins)) + 1_024,
    stateBytes: numTrees * leaves * 2 * (60 + 8 * outputs) + (outOfBag ? rows * (8 * outputs + 2) : 0) + columns * 2_200 + 8_192,
    rounds: 1 + Math.ceil((rows * numTrees) / ROUND_WORK),
    flopsPerRow: columns,
  };
}
