/** A boosting run between rounds: which trees there are, and how far those that grow have come. */
import { InputError } from "../../ports/errors.ts";
import type { Candidate, Cuts, Turn } from "../learner.ts";
import type { GradientBoostingClassifierParams, GradientBoostingRegressorParams } from "../params.ts";
import { cutsOf, type Seen } from "../trees/cuts.ts";
import { finishTree } from "../trees/finish.ts";
import { type Best, type Growing, grow, type Limits, startGrowing } from "../trees/grow.ts";
import type { Facts } from "../trees/labels.ts";
import { layoutOf, type RowCounts } from "../trees/layout.ts";
import { routesOf } from "../trees/routes.ts";
import { bestSplit, leafValue, type Sums } from "../trees/split.ts";
import type { Tree } from "../trees/tree.ts";
import type { Loss, Range } from "./loss.ts";
import type { Ending, GrowAnswer, Quanta } from "./rows.ts";

export type BoostingParams = GradientBoostingRegressorParams | GradientBoostingClassifierParams;

export interface BoostingState {
  readonly candidate: Candidate<BoostingParams>;
  /** Null until the first round is over. */
  readonly cuts: Cuts | null;
  readonly facts: Facts | null;
  readonly base: readonly number[];
  /** Those of one iteration together, by line. */
  readonly trees: readonly Tree[];
  readonly growing: readonly Line[];
  /** What is left of the trees of the last iteration, when one begins. */
  readonly ending: readonly Ending[] | null;
  readonly quanta: Quanta;
  /** That margins are within when the iteration that grows begins. */
  readonly range: Range;
  /** Rounds of growing ended well, and where every carry should be. */
  readonly passes: number;
  readonly stamp: string;
  /** The last answer came from parts without their carry, and how often that has happened. */
  readonly lost: boolean;
  readonly losses: number;
  readonly warnings: readonly string[];
}

/** One tree that grows; `taken` are its inner nodes once they are known. */
export interface Line {
  readonly growing: Growing;
  readonly taken: readonly number[] | null;
}

export const startState = (candidate: Candidate<BoostingParams>): BoostingState => ({
  candidate,
  cuts: null,
  facts: null,
  base: [],
  trees: [],
  growing: [],
  ending: null,
  quanta: { g: 1, h: 1, loss: 1 },
  range: { low: 0, high: 0 },
  passes: 0,
  stamp: "",
  lost: false,
  losses: 0,
  warnings: [],
});

/** How rows of a node are known: nobody asks, as many as the second derivatives say, or counted apart. */
export function rowCounts({ candidate, facts }: BoostingState, loss: Loss): RowCounts {
  if (candidate.params.minRows === 1) return "none";
  const unweighted = facts !== null && facts.mostWeight === 1 && facts.weight === facts.rows;
  return loss.constantHessian && unweighted ? "hessian" : "plane";
}

/** After the first round. */
export function opened(state: BoostingState, seen: Seen, loss: Loss, key: string): Turn<BoostingState> {
  const { candidate } = state;
  const { facts } = seen;
  if (facts.rows === 0) throw new InputError("gradient boosting must have training rows of positive weight, got none");
  const cuts = cutsOf(seen, candidate.view, candidate.params.maxBins, key);
  const begun = { ...state, cuts, facts };
  const present = [...facts.classes.keys()].filter((k) => facts.classes[k] > 0);
  if (candidate.classes.length > 0 && present.length === 1) {
    const [only] = present;
    const warning = `all training rows are of class ${candidate.classes[only]}: the model always predicts it`;
    return { state: { ...begun, base: loneClass(only, loss.lines), warnings: [warning] }, done: true };
  }
  const absent = candidate.classes.filter((_, k) => facts.classes[k] === 0);
  const warnings = absent.length === 0 ? [] : [`training has no rows of class ${absent.join(", ")}`];
  const base = loss.start(facts);
  const range = { low: Math.min(...base), high: Math.max(...base) };
  return { state: iteration({ ...begun, base, warnings }, [], range, loss), done: false };
}

/** Margins by which one class is as good as certain. */
const CERTAIN = 36;
const loneClass = (only: number, lines: number): number[] =>
  lines === 1 ? [only === 1 ? CERTAIN : -CERTAIN] : Array.from({ length: lines }, (_, line) => (line === only ? CERTAIN : 0));

/** An iteration begins with margins in the range. */
function iteration(state: BoostingState, ending: readonly Ending[], range: Range, loss: Loss): BoostingState {
  const facts = state.facts as Facts;
  const bounds = loss.bounds(range, { low: facts.min, high: facts.max });
  const quantum = (bound: number): number => quantumOf(facts.rows * facts.mostWeight * bound);
  return {
    ...state,
    ending,
    range,
    growing: Array.from({ length: loss.lines }, (): Line => ({ growing: startGrowing(), taken: null })),
    quanta: { g: quantum(bounds.g), h: quantum(bounds.h), loss: quantum(bounds.loss) },
  };
}

/** Of multiples of it float64 adds any up to that sum without error. */
const quantumOf = (sum: number): number => (sum > 2 ** -900 ? 2 ** (Math.ceil(Math.log2(sum)) - 52) : 2 ** -960);

export function limitsOf({ maxLeaves, maxDepth, minRows, minWeight }: BoostingParams): Limits {
  return {
    maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
    maxLeaves: maxLeaves ?? (maxDepth === undefined ? 31 : MOST_LEAVES),
    isTooSmall: ({ h, rows }: Sums) => rows < 2 * minRows || h < 2 * minWeight,
  };
}

/** Of a tree that only its depth bounds, so that numbers of nodes stay 16 bits. */
const MOST_LEAVES = 16_384;

/** What a round leaves in the carries of its candidate. */
export const stampAfter = ({ trees, passes }: BoostingState): string => `${trees.length} ${passes}`;

/** After a round of growing. */
export function grown(state: BoostingState, answer: GrowAnswer, loss: Loss): Turn<BoostingState> {
  if (answer.lost > 0) return { state: { ...state, lost: true, losses: state.losses + 1 }, done: false };
  const { params } = state.candidate;
  const [cuts, facts] = [state.cuts as Cuts, state.facts as Facts];
  const layout = layoutOf(cuts, rowCounts(state, loss));
  const limits = limitsOf(params);
  const columns = [...cuts.columns.keys()];
  const best: Best = (histogram, sums) => bestSplit(histogram, layout, sums, params, columns);
  let first = 0;
  const growing = state.growing.map((line): Line => {
    if (line.taken !== null) return line;
    const end = first + layout.size * line.growing.built.length;
    const own = answer.histogram.length === 0 ? new Float64Array(end - first) : answer.histogram.subarray(first, end);
    first = end;
    const next = grow(line.growing, own, layout, best, limits);
    return { growing: next.growing, taken: next.done ? next.taken : null };
  });
  const begins = state.ending !== null;
  const passed = {
    ...state,
    growing,
    ending: null,
    stamp: stampAfter(state),
    passes: state.passes + 1,
    lost: false,
    range: begins ? { low: answer.low, high: answer.high } : state.range,
  };
  const turn = growing.every(({ taken }) => taken !== null) ? ended(passed, cuts, loss) : { state: passed, done: false };
  return begins ? { ...turn, loss: answer.loss / facts.weight } : turn;
}

/** All trees of an iteration are there. */
function ended(state: BoostingState, cuts: Cuts, loss: Loss): Turn<BoostingState> {
  const { params } = state.candidate;
  // What does not split now never will: every further round would be the same.
  if (state.growing.every(({ taken }) => taken?.length === 0)) return { state: { ...state, growing: [] }, done: true };
  const finished = state.growing.map(({ growing, taken }) => {
    const predictionOf = (sums: Sums): number => params.learningRate * leafValue(sums, params);
    const { tree, leaves } = finishTree(growing.nodes, taken ?? [], cuts, predictionOf);
    return { tree, ending: { routes: routesOf(growing), values: Float64Array.from(leaves, (leaf) => tree.value[leaf]) } };
  });
  const trees = [...state.trees, ...finished.map(({ tree }) => tree)];
  if (trees.length === params.trees * loss.lines) return { state: { ...state, trees, growing: [] }, done: true };
  const values = finished.flatMap(({ ending }) => [...ending.values]);
  const range = { low: state.range.low + Math.min(...values), high: state.range.high + Math.max(...values) };
  const endings = finished.map(({ ending }) => ending);
  return { state: iteration({ ...state, trees }, endings, range, loss), done: false };
}
