import { hashRow } from "../../kernels/hash.ts";
import { InputError } from "../../ports/errors.ts";
import { classFactors } from "../class-weights.ts";
import type { Candidate, Cuts, Turn } from "../learner.ts";
import type { GradientBoostingClassifierParams, GradientBoostingRegressorParams } from "../params.ts";
import { categoriesOf, cutsOf, type Seen } from "../trees/bins/cuts.ts";
import { checkRows, type Facts, hasUnitWeights } from "../trees/bins/labels.ts";
import type { Tree } from "../trees/tree.ts";
import type { GrowAnswer } from "./answer.ts";
import type { Ending, Quanta } from "./body.ts";
import { conventionOf } from "./convention.ts";
import { hessianBits, quantumOf } from "./derive.ts";
import { cutsWith, type Earlier, earlierOf, endingOf, rangeOf } from "./earlier.ts";
import { finishTree, penaltiesOf } from "./growing/finish.ts";
import { forget, type Growing, type GrownNode, grow, keepWithin, type Limits, mostAsked, startGrowing } from "./growing/grow.ts";
import { type Layout, layoutOf, type RowCounts } from "./growing/layout.ts";
import { boundedValue, childBounds, type Directions } from "./growing/monotone.ts";
import { type Routes, routesOf, stayed } from "./growing/routes.ts";
import { SMALL_BYTES, type SmallRows, smallLimit } from "./growing/small.ts";
import type { Sums } from "./growing/split.ts";
import type { Loss, Range } from "./loss.ts";
import { checkLabels, lossNamed, lossOf } from "./losses.ts";
import type { BoostingModel } from "./model.ts";
import { endsWithoutSplit, warnedOfNoSplit } from "./no-split.ts";
import { foundBy } from "./ranges.ts";
import { narrowed, type Refit, refitValues, startRefit } from "./refit.ts";
import { directionsIn, splitFinder } from "./search.ts";

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
  /** The tree that has grown, while the values of its leaves are sought; before the first iteration the margin to start from. */
  readonly refit: Refit | null;
  /** A model that training goes on from; null at its end, when the last iteration of it has become part of the trees. */
  readonly earlier: Earlier | null;
  /** Trees at most. */
  readonly until: number;
  /** What is left of the trees of the last iteration, when one begins, and at the end. */
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
  /** Factor on weights by class. */
  readonly factors: readonly number[] | null;
  /** Lowest loss on the rows held out, and after how many iterations. */
  readonly best: { readonly loss: number; readonly iterations: number };
  readonly warnings: readonly string[];
}

/** One tree that grows; `taken` are its inner nodes once they are known. */
export interface Line {
  readonly growing: Growing;
  readonly taken: readonly number[] | null;
}

/** `from` is a model that trees are added to. */
export function startState(candidate: Candidate<BoostingParams>, from?: BoostingModel): BoostingState {
  const earlier = from === undefined ? null : earlierOf(from, candidate);
  const until = candidate.params.trees * lossNamed(lossOf(candidate)).lines + (earlier?.trees.length ?? 0);
  return { ...START, candidate, earlier, until };
}

const START: Omit<BoostingState, "candidate" | "earlier" | "until"> = {
  cuts: null,
  facts: null,
  base: [],
  trees: [],
  growing: [],
  refit: null,
  ending: null,
  quanta: { g: 1, h: 1, loss: 1, weight: 1 },
  range: { low: 0, high: 0 },
  passes: 0,
  stamp: "",
  lost: false,
  losses: 0,
  factors: null,
  best: { loss: Number.POSITIVE_INFINITY, iterations: 0 },
  warnings: [],
};

/** How rows of a node are known: nobody asks, as many as the second derivatives say, or counted apart. */
export function rowCounts({ candidate, facts }: BoostingState, loss: Loss): RowCounts {
  const { params } = candidate;
  // Splits by category ask for the rows of each.
  if (params.minRows === 1 && !conventionOf(params).needsRows && categoriesOf(candidate.view).every((levels) => levels === 0))
    return "none";
  return loss.constantHessian && facts !== null && hasUnitWeights(facts) ? "hessian" : "plane";
}

/** After the first round. */
export function opened(state: BoostingState, seen: Seen, loss: Loss, key: string): Turn<BoostingState> {
  const { candidate } = state;
  const factors = classFactors(
    "classWeight" in candidate.params ? candidate.params.classWeight : undefined,
    candidate.classes,
    seen.facts.classes,
  );
  const facts = weighted(seen.facts, factors);
  checkMonotone(candidate, loss);
  checkLabels(lossOf(candidate), facts);
  checkRows(facts, "gradient boosting");
  const { earlier } = state;
  const { params } = candidate;
  const found = cutsOf(seen, candidate.view, params.maxBins, key, conventionOf(params).cuts);
  const cuts = earlier === null ? found : cutsWith(found, earlier, candidate);
  const begun = { ...state, cuts, facts, factors };
  const present = [...facts.classes.keys()].filter((k) => facts.classes[k] > 0);
  if (earlier === null && candidate.classes.length > 0 && present.length === 1) {
    const [only] = present;
    const warning = `all training rows are of class ${candidate.classes[only]}: the model always predicts it`;
    return { state: { ...begun, base: loneClass(only, loss.lines), warnings: [warning] }, done: true };
  }
  const absent = candidate.classes.filter((_, k) => facts.classes[k] === 0);
  const warnings = absent.length === 0 ? [] : [`training has no rows of class ${absent.join(", ")}`];
  if (earlier !== null) return { state: goingOn({ ...begun, warnings }, earlier, loss), done: false };
  const base = loss.start(facts);
  const range = { low: Math.min(...base), high: Math.max(...base) };
  const first = iteration({ ...begun, base, warnings }, [], range, loss);
  return { state: loss.quantile === undefined ? first : { ...first, refit: startRefit() }, done: false };
}

/** The first round after that of the bins makes the margins of the model: no part has any. */
function goingOn(state: BoostingState, earlier: Earlier, loss: Loss): BoostingState {
  const trees = earlier.trees.slice(0, -loss.lines);
  const made = iteration({ ...state, base: earlier.base, trees, stamp: "earlier", lost: true }, [], rangeOf(earlier), loss);
  return { ...made, growing: made.growing.map((line) => ({ ...line, taken: [] })) };
}

/** What is seen of labels whose rows count by their class too. */
function weighted(facts: Facts, factors: readonly number[] | null): Facts {
  if (factors === null) return facts;
  const classes = facts.classes.map((weight, k) => weight * factors[k]);
  const weight = classes.reduce((sum, own) => sum + own, 0);
  const mean = classes.reduce((sum, own, k) => sum + own * k, 0) / weight;
  return { ...facts, classes, weight, mean, mostWeight: facts.mostWeight * Math.max(...factors) };
}

function checkMonotone({ params, view }: Candidate<BoostingParams>, { quantile }: Loss): void {
  if (quantile !== undefined && Object.values(params.monotone ?? {}).some((direction) => direction !== 0))
    throw new InputError(
      "params.monotone must be left out with the losses absolute and quantile, whose leaves are quantiles, got constraints",
    );
  const numbers = view.columns.filter((_, j) => categoriesOf(view)[j] === 0).map(({ name }) => name);
  const unknown = Object.keys(params.monotone ?? {}).find((name) => !numbers.includes(name));
  if (unknown !== undefined)
    throw new InputError(`params.monotone must name columns of numbers (${numbers.slice(0, 10).join(", ")}), got ${unknown}`);
}

/** Margins by which one class is as good as certain. */
const CERTAIN = 36;
const loneClass = (only: number, lines: number): number[] =>
  lines === 1 ? [only === 1 ? CERTAIN : -CERTAIN] : Array.from({ length: lines }, (_, line) => (line === only ? CERTAIN : 0));

/** An iteration begins with margins in the range. */
function iteration(state: BoostingState, ending: readonly Ending[], range: Range, loss: Loss): BoostingState {
  const facts = state.facts as Facts;
  const bounds = loss.bounds(range, { low: facts.min, high: facts.max });
  const counting = rowCounts(state, loss);
  const limit = limitFor(state, layoutOf(state.cuts as Cuts, counting));
  // Of one row only half as many quanta can be rounded to.
  const quantum = (bound: number, bits = 52, rows = facts.rows): number => quantumOf(Math.max(2, rows) * facts.mostWeight * bound, bits);
  const judged = Math.max(facts.rows, facts.held);
  return {
    ...state,
    ending,
    range,
    growing: Array.from({ length: loss.lines }, (_, line): Line => {
      const key = hashRow(state.candidate.params.seed, state.trees.length + line);
      return { growing: startGrowing(key, facts.rows, limit), taken: null };
    }),
    quanta: {
      g: quantum(bounds.g),
      h: quantum(bounds.h, hessianBits(counting)),
      loss: quantum(bounds.loss, 52, judged),
      weight: quantum(1, 52, judged),
    },
  };
}

/** Rows of a node up to which they travel. Ranges are to spare the reducer large answers. */
const limitFor = ({ candidate: { ranges = 1 } }: BoostingState, layout: Layout): number =>
  ranges > 1 && layout.rows !== "none" ? Math.floor(SMALL_BYTES / (layout.bins.length + 24)) : smallLimit(layout);

export function limitsOf(params: BoostingParams, directions: Directions | null = null): Limits {
  const { maxLeaves, maxDepth, minRows, minWeight } = params;
  return {
    ...(directions !== null && { bounds: (node, split) => childBounds(node, split, params, directions) }),
    maxDepth: maxDepth ?? Number.POSITIVE_INFINITY,
    maxLeaves: maxLeaves ?? (maxDepth === undefined ? 31 : MOST_LEAVES),
    isTooSmall: ({ h, rows }: Sums) => rows < 2 * minRows || h < 2 * minWeight,
  };
}

/** Of histograms of parents that are kept while so many trees grow together. */
const parentBytes = (limits: Pick<Limits, "maxLeaves" | "maxDepth">, lines: number, numbers: number): number =>
  2 * lines * mostAsked(limits) * 8 * numbers;

/** Of a tree that only its depth bounds, so that numbers of nodes stay 16 bits. */
const MOST_LEAVES = 16_384;

/** What a round leaves in the carries of its candidate. */
export const stampAfter = ({ trees, passes }: BoostingState): string => `${trees.length} ${passes}`;

/** After a round of growing. */
export function grown(state: BoostingState, answer: GrowAnswer, loss: Loss): Turn<BoostingState> {
  if (answer.lost > 0) return { state: { ...state, lost: true, losses: state.losses + 1 }, done: false };
  if (state.refit !== null) return refitted(state, state.refit, answer, loss);
  if (state.earlier !== null) return goneOn(state, state.earlier, answer, loss);
  const { params } = state.candidate;
  const [cuts, facts] = [state.cuts as Cuts, state.facts as Facts];
  const layout = layoutOf(cuts, rowCounts(state, loss));
  const { view, ranges = 1 } = state.candidate;
  const directions = directionsIn(view, params);
  const limits = limitsOf(params, directions);
  const limit = limitFor(state, layout);
  let first = 0;
  let firstWhole = 0;
  const growing = state.growing.map((line, place): Line => {
    if (line.taken !== null) return line;
    const wholes = line.growing.whole.map((_, i) => answer.whole[firstWhole + i] ?? noRows(cuts));
    firstWhole += wholes.length;
    const end = first + (ranges > 1 ? 0 : layout.size * line.growing.built.length);
    const own = answer.histogram.length === 0 ? new Float64Array(end - first) : answer.histogram.subarray(first, end);
    first = end;
    const find = splitFinder({ params, view, key: line.growing.nodes[0].key, layout, directions });
    const found = ranges > 1 ? foundBy(answer.found, place, ranges) : undefined;
    const next = grow(line.growing, own, layout, find, limits, { limit, rows: wholes, ...(found && { found }) });
    return { growing: next.growing, taken: next.done ? next.taken : null };
  });
  keepWithin(
    growing.map((line) => line.growing),
    parentBytes(limits, growing.length, layout.size),
  );
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
  const judged = begins && params.earlyStoppingRounds !== undefined ? afterJudging(passed, answer, loss) : { state: passed, done: false };
  // No tree grows after the last one, which only had to be judged.
  if (judged.done || growing.length === 0) return { state: keepBest(judged.state, loss), done: true, loss: answer.loss / facts.weight };
  const turn = growing.every(({ taken }) => taken !== null) ? ended(judged.state, cuts, loss) : judged;
  return begins ? { ...turn, loss: answer.loss / facts.weight } : turn;
}

const noRows = ({ columns }: Cuts): SmallRows => ({
  columns: columns.length,
  bins: new Uint8Array(0),
  pairs: new Float64Array(0),
  counts: new Float64Array(0),
});

/** All trees of an iteration are there. */
function ended(state: BoostingState, cuts: Cuts, loss: Loss): Turn<BoostingState> {
  const { params } = state.candidate;
  forget(state.growing.map(({ growing }) => growing));
  if (state.growing.every(({ taken }) => taken?.length === 0) && endsWithoutSplit(params))
    return { state: keepBest(state, loss), done: true };
  const finished = state.growing.map(({ growing, taken }) => {
    const penalties = penaltiesOf(growing.nodes);
    const predictionOf = (node: GrownNode): number =>
      params.learningRate * boundedValue(node.sums, node, { ...params, l2: params.l2 + (penalties.get(node) ?? 0) });
    const { tree, leaves } = finishTree(growing.nodes, taken ?? [], cuts, predictionOf);
    return { tree, leaves, ending: endingAt(tree, leaves, routesOf(growing)) };
  });
  if (loss.quantile !== undefined) return { state: { ...state, refit: startRefit(finished[0].tree, finished[0].leaves) }, done: false };
  return joined(state, finished, loss);
}

const endingAt = (tree: Tree, leaves: Uint16Array, routes: Routes): Ending => ({
  routes,
  values: Float64Array.from(leaves, (leaf) => tree.value[leaf]),
});

/** After the margins of the model have been made. */
function goneOn(state: BoostingState, { trees }: Earlier, { low, high }: GrowAnswer, loss: Loss): Turn<BoostingState> {
  const passed = { ...state, earlier: null, stamp: stampAfter(state), passes: state.passes + 1, lost: false, range: { low, high } };
  const finished = trees.slice(-loss.lines).map((tree) => ({ tree, ending: endingOf(tree, state.cuts as Cuts) }));
  return joined(passed, finished, loss);
}

/** After a round that counted residuals. */
function refitted(state: BoostingState, refit: Refit, answer: GrowAnswer, loss: Loss): Turn<BoostingState> {
  const { params } = state.candidate;
  const next = narrowed(refit, answer.orders, loss.quantile ?? Number.NaN, !hasUnitWeights(state.facts as Facts));
  const passed = { ...state, refit: next, ending: null, stamp: stampAfter(state), passes: state.passes + 1, lost: false };
  const values = refitValues(next);
  if (values === null) return { state: passed, done: false };
  const settled = { ...passed, refit: null };
  if (next.tree === null)
    return { state: iteration({ ...settled, base: [values[0]] }, [], { low: values[0], high: values[0] }, loss), done: false };
  const tree = { ...next.tree, value: values.map((value) => params.learningRate * value) };
  return joined(settled, [{ tree, ending: endingAt(tree, next.leaves, routesOf(stayed(state.growing[0].growing))) }], loss);
}

/** The trees of an iteration become part of the model. */
function joined(state: BoostingState, finished: readonly { tree: Tree; ending: Ending }[], loss: Loss): Turn<BoostingState> {
  const { params } = state.candidate;
  const trees = [...state.trees, ...finished.map(({ tree }) => tree)];
  const isLast = trees.length === state.until;
  const endings = finished.map(({ ending }) => ending);
  if (isLast && params.earlyStoppingRounds === undefined)
    return { state: warnedOfNoSplit({ ...state, trees, growing: [], ending: endings }), done: true };
  const values = finished.flatMap(({ ending }) => [...ending.values]);
  const range = { low: state.range.low + Math.min(...values), high: state.range.high + Math.max(...values) };
  const next = iteration({ ...state, trees }, endings, range, loss);
  return { state: isLast ? { ...next, growing: [] } : next, done: false };
}

/** The rows held out have told what the trees so far are worth; without progress they end. */
function afterJudging(state: BoostingState, { heldLoss, heldWeight }: GrowAnswer, { lines }: Loss): Turn<BoostingState> {
  const { earlyStoppingRounds = Number.POSITIVE_INFINITY } = state.candidate.params;
  if (heldWeight === 0) {
    const warning = "no rows were held out for early stopping: all trees were grown";
    return { state: { ...state, warnings: [...new Set([...state.warnings, warning])] }, done: false };
  }
  const iterations = state.trees.length / lines;
  if (heldLoss / heldWeight < state.best.loss)
    return { state: { ...state, best: { loss: heldLoss / heldWeight, iterations } }, done: false };
  return { state, done: iterations - state.best.iterations >= earlyStoppingRounds };
}

/** No tree grows any more; where rows were held out, the trees that were best on them are the model. */
function keepBest(state: BoostingState, { lines }: Loss): BoostingState {
  const { loss, iterations } = state.best;
  const trees = loss === Number.POSITIVE_INFINITY ? state.trees : state.trees.slice(0, iterations * lines);
  return { ...warnedOfNoSplit(state), growing: [], trees };
}
