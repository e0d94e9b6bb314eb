/** A forest between rounds: which trees there are, and how far those that grow have come. */
import { hashString } from "../../kernels/hash.ts";
import type { Question } from "../candidates.ts";
import type { Candidate, Cuts, Turn } from "../learner.ts";
import { type CutsBody, cutsBody, cutsOf, type Seen } from "../trees/bins/cuts.ts";
import { checkRows, type Facts } from "../trees/bins/labels.ts";
import type { Tree } from "../trees/tree.ts";
import type { GrowAnswer } from "./answer.ts";
import { drawBounds, drawer, treeSeed } from "./draw.ts";
import { mostSlots } from "./drawn.ts";
import { growBelow, totalOf } from "./grow.ts";
import { askOf, chooseNodes, type Growing, startTree } from "./growing.ts";
import { grown, rootOf } from "./level.ts";
import { addNode, draftOf, treeOf } from "./nodes.ts";
import { type JudgeBody, type Judged, type OutOfBagScore, scoreOf } from "./out-of-bag.ts";
import type { GrowBody } from "./part.ts";
import { type GatheredRows, valuesOf } from "./rows.ts";
import { type ForestParams, type GrowRules, quantumOf, rulesOf } from "./rules.ts";

export interface ForestState {
  readonly candidate: Candidate<ForestParams>;
  /** Null until the first round is over. */
  readonly cuts: Cuts | null;
  readonly facts: Facts | null;
  readonly trees: readonly Tree[];
  /** The next trees, where they grow from sums. */
  readonly growing: readonly Growing[];
  /** The last answer came from parts without their carry, and how often that has happened. */
  readonly lost: boolean;
  readonly losses: number;
  readonly score: OutOfBagScore | null;
  readonly warnings: readonly string[];
}

interface RowsBody {
  readonly kind: "rows";
  readonly cuts: Cuts;
}
export type Body = CutsBody | RowsBody | GrowBody | JudgeBody;

/** Rows times trees that one round grows where it has all rows: a few seconds. */
export const ROUND_WORK = 10_000_000;
/** Bytes of all training rows up to which they come together, and trees grow where they are. */
const TOGETHER_BYTES = 2 ** 19;
/** Trees that grow together at most: of each a row carries three bytes. */
const MOST_AT_ONCE = 64;

export const comesTogether = (rows: number, columns: number): boolean => rows * (columns + 24) <= TOGETHER_BYTES;

/** Groups of nearly equal size. */
export const treesAtOnce = (trees: number): number => Math.ceil(trees / Math.ceil(trees / MOST_AT_ONCE));

export const startState = (candidate: Candidate<ForestParams>): ForestState => ({
  candidate,
  cuts: null,
  facts: null,
  trees: [],
  growing: [],
  lost: false,
  losses: 0,
  score: null,
  warnings: [],
});

/** Names the cuts of equal views, folds and bins. */
function binsKey({ candidate: { view, trainFolds, params } }: ForestState): string {
  const text = JSON.stringify([view, trainFolds, params.maxBins, params.seed]);
  return `${hashString(text, 1)} ${hashString(text, 2)}`;
}

export function questionOf(state: ForestState): Question<Body> {
  const { candidate, cuts, facts, growing, trees } = state;
  const { view, trainFolds, params, classes, shape } = candidate;
  const same = { view, folds: trainFolds, sample: null };
  const key = binsKey(state);
  if (cuts === null || facts === null) {
    return {
      ...same,
      key: `cuts ${key}`,
      body: cutsBody(shape.rows, view.columns.length, params.maxBins, classes.length, params.seed, null),
    };
  }
  if (trees.length === params.numTrees) return { ...same, key: `judge ${candidate.id}`, body: judgeOf(candidate, cuts, facts, trees) };
  if (growing.length === 0) return { ...same, key: `rows ${key}`, body: { kind: "rows", cuts } };
  const rules = rulesOf(candidate, cuts, facts);
  // Where carries were lost twice there is no room for them, or no function that keeps them.
  const remember = state.lost || state.losses > 1;
  const { kind, width, channels, weightless, counted, centre, quanta } = rules;
  const body: GrowBody = {
    kind: "grow",
    name: `${candidate.id}`,
    cuts,
    rows: { kind, width, classes: classes.length, channels, weightless, counted, centre, quanta },
    subset: rules.subset,
    bounds: drawBounds(params.subsamplingRate, params.bootstrap),
    slots: mostSlots(rules.maxDepth),
    trees: chooseNodes(growing, cuts, rules).map((chosen) => askOf(growing[chosen.growing], chosen, cuts, rules, remember)),
  };
  return { ...same, key: `grow ${candidate.id}`, body };
}

function judgeOf(candidate: Candidate<ForestParams>, cuts: Cuts, facts: Facts, trees: readonly Tree[]): JudgeBody {
  const { params } = candidate;
  const rows = rulesOf(candidate, cuts, facts);
  const width = facts.max - facts.min;
  return {
    kind: "judge",
    cuts,
    rows,
    trees,
    seeds: trees.map((_, t) => treeSeed(params.seed, t)),
    bounds: drawBounds(params.subsamplingRate, params.bootstrap),
    threshold: params.threshold ?? 0.5,
    quantum: quantumOf(facts.rows * facts.mostWeight * width * width),
  };
}

/** After the first round. */
export function opened(state: ForestState, seen: Seen): Turn<ForestState> {
  const { view, classes, params } = state.candidate;
  const { facts } = seen;
  checkRows(facts, "a forest");
  const absent = classes.filter((_, k) => facts.classes[k] === 0);
  const warnings = absent.length === 0 ? [] : [`training has no rows of class ${absent.join(", ")}`];
  const cuts = cutsOf(seen, view, params.maxBins, binsKey(state));
  return { state: begun({ ...state, cuts, facts, warnings }), done: false };
}

/** The next group of trees begins, where they grow from sums. */
function begun(state: ForestState): ForestState {
  const { candidate, facts, trees } = state;
  const { params, view, classes } = candidate;
  if (facts === null || comesTogether(facts.rows, view.columns.length)) return state;
  const count = Math.min(params.numTrees - trees.length, treesAtOnce(params.numTrees));
  const channels = classes.length > 0 ? classes.length : 2;
  const growing = Array.from({ length: count }, (_, i) => startTree(trees.length + i, treeSeed(params.seed, trees.length + i), channels));
  return { ...state, growing };
}

/** After a round of growing. */
export function afterGrowing(state: ForestState, answer: GrowAnswer): Turn<ForestState> {
  if (answer.lost > 0) return { state: { ...state, lost: true, losses: state.losses + 1 }, done: false };
  const { cuts, facts, rules } = known(state);
  const growing = grown(state.growing, chooseNodes(state.growing, cuts, rules), answer, cuts, facts, rules);
  if (growing.some(({ open }) => open.length > 0)) return { state: { ...state, growing, lost: false }, done: false };
  const trees = [...state.trees, ...growing.map(({ nodes }) => treeOf(nodes, cuts, rules))];
  return ended({ ...state, trees, growing: [], lost: false });
}

/** After a round that brought all rows together. */
export function afterRows(state: ForestState, answer: GatheredRows): Turn<ForestState> {
  const { cuts, facts, rules } = known(state);
  const { params } = state.candidate;
  const { bins, columns, label, weight, row } = answer;
  const once = valuesOf(label, weight, rules);
  const draw = drawer(drawBounds(params.subsamplingRate, params.bootstrap));
  const trees = [...state.trees];
  const most = Math.max(1, Math.floor(ROUND_WORK / Math.max(1, row.length)));
  for (let t = 0; t < most && trees.length < params.numTrees; t++) {
    const seed = treeSeed(params.seed, trees.length);
    const draws = Uint8Array.from(row, (own, i) => (rules.weightless?.[label[i]] === 1 ? 0 : draw(seed, own)));
    const rows = {
      columns,
      bins,
      value: rules.kind === "pairs" ? once.value.map((own, i) => own * draws[i]) : once.value,
      weight: once.weight.map((own, i) => own * draws[i]),
      draws,
    };
    const draft = draftOf();
    const drawn = Uint32Array.from(draws.keys()).filter((i) => draws[i] > 0);
    addNode(draft, seed, 0, rootOf(totalOf(rows, drawn, rules), facts, rules));
    growBelow(draft, 0, rows, cuts, rules);
    trees.push(treeOf(draft, cuts, rules));
  }
  return ended({ ...state, trees });
}

function known({ candidate, cuts, facts }: ForestState): { cuts: Cuts; facts: Facts; rules: GrowRules } {
  if (cuts === null || facts === null) throw new Error("trees grow after their bins are known");
  return { cuts, facts, rules: rulesOf(candidate, cuts, facts) };
}

function ended(state: ForestState): Turn<ForestState> {
  const { numTrees, outOfBag } = state.candidate.params;
  if (state.trees.length < numTrees) return { state: begun(state), done: false };
  return { state, done: !outOfBag };
}

export function afterJudging(state: ForestState, judged: Judged): Turn<ForestState> {
  return { state: { ...state, score: scoreOf(judged, state.candidate.classes.length) }, done: true };
}
