/** Derivatives of the rows of a part at their margins, as the histograms add them up. */
import { float64, type Kernels, uint8, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows, Part } from "../learner.ts";
import { drawnIn, heldIn } from "../trees/draw.ts";
import type { RowBlock } from "../trees/shares.ts";
import type { GrowBody, Quanta } from "./body.ts";
import type { Layout, RowCounts } from "./growing/layout.ts";
import type { Loss, LossRows } from "./loss.ts";

/** Of a pair, where rows are counted in it: a part has at most 2^17. */
const COUNT_BITS = 18;
/** Rows that pairs may have counted before a part is added. */
export const MOST_COUNTED = 2 ** (COUNT_BITS - 1) - 1;
export const countBits = (rows: RowCounts): number => (rows === "plane" ? COUNT_BITS : 0);

/** Bits of the sum of all second derivatives: float64 holds as many, or they stand above the count in an int64. */
export const hessianBits = (rows: RowCounts): number => (rows === "plane" ? 63 - COUNT_BITS : 52);

/** Sums of multiples of it, up to that one, are of so many bits: float64 has 53 of them. */
export const quantumOf = (sum: number, bits: number): number => (sum > 2 ** -900 ? 2 ** (Math.ceil(Math.log2(sum)) - bits) : 2 ** -960);

interface Carried {
  readonly margins: number;
  readonly pairs: number;
  readonly counts: number;
  /** By line. */
  readonly blocks: readonly (readonly RowBlock[])[];
  readonly losses: number;
}

export interface Step extends Carried {
  readonly k: Kernels;
  readonly part: Part;
  readonly binned: BinnedRows;
  /** Its bins column by column. */
  readonly turned: number;
  readonly body: GrowBody;
  readonly loss: Loss;
  readonly layout: Layout;
}

/** Rows whose derivatives are computed together. */
const CHUNK = 512;

/** What is done with the rows of a block, while they are near, before their derivatives are computed and after it. */
export interface Around {
  before(block: number): void;
  after(block: number): void;
}

/** Derivatives of all rows at their margins, rounded; and their loss, kept for a task that is run twice. */
export function derive(step: Step, around?: Around): void {
  const { k, part, binned, body, loss, layout, margins, pairs, counts, losses } = step;
  const { rows, label } = binned;
  const { lines } = loss;
  const mark = k.mark();
  const [g, h, z] = [k.claim(8 * CHUNK * lines), k.claim(8 * CHUNK * lines), k.claim(8 * CHUNK * lines)];
  const [weight, heldWeight] = [k.claim(8 * CHUNK), k.claim(8 * CHUNK)];
  const inSample = body.sample && chosenBy(k, binned, drawnIn(part, body.sample));
  const isHeld = body.held && chosenBy(k, binned, heldIn(part, body.held));
  const range = losses + 24;
  float64(k, range, 2).set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  const totals = { loss: 0, heldLoss: 0, heldWeight: 0 };
  const { quanta } = body;
  const isOwn = body.factors !== null || isHeld !== null;
  const chunk = (start: number, n: number): void => {
    for (let line = 0; line < lines; line++) k.widenRange(margins + 8 * (rows * line + start), n, range);
    if (isOwn) weigh(step, start, n, weight);
    const used = isOwn ? weight : binned.weight + 8 * start;
    if (isHeld !== null) {
      const [trained, held] = [float64(k, weight, n), float64(k, heldWeight, n)];
      for (let i = 0; i < n; i++) {
        held[i] = isHeld(start + i) ? trained[i] : 0;
        trained[i] -= held[i];
        totals.heldWeight += held[i];
      }
    }
    // Several lines are brought together, because those of a chunk lie far apart.
    const lossRows = (): LossRows => {
      for (let line = 0; lines > 1 && line < lines; line++) {
        float64(k, z + 8 * CHUNK * line, n).set(float64(k, margins + 8 * (rows * line + start), n));
      }
      return {
        rows: n,
        stride: CHUNK,
        margins: lines > 1 ? z : margins + 8 * start,
        label: label + 8 * start,
        weight: used,
      };
    };
    if (isHeld !== null) totals.heldLoss += loss.derivatives(k, { ...lossRows(), weight: heldWeight }, g, h);
    totals.loss += loss.derivatives(k, lossRows(), g, h);
    const counted = counts + start;
    if (isHeld !== null || inSample !== null) {
      const own = uint8(k, counted, n);
      const weights = float64(k, used, n);
      for (let i = 0; i < n; i++) own[i] = weights[i] === 0 || inSample?.(start + i) === false ? 0 : 1;
    }
    for (let line = 0; line < lines; line++) {
      const at = 8 * CHUNK * line;
      if (inSample !== null) {
        const [own, gs, hs] = [uint8(k, counted, n), float64(k, g + at, n), float64(k, h + at, n)];
        for (let i = 0; i < n; i++) if (own[i] === 0) gs[i] = hs[i] = 0;
      }
      k.roundPairs(g + at, h + at, counted, n, quanta.g, quanta.h, countBits(layout.rows), pairs + 16 * (rows * line + start));
    }
  };
  step.blocks[0].forEach((block, b) => {
    around?.before(b);
    const end = block.first + block.rows;
    for (let start = block.first; start < end; start += CHUNK) chunk(start, Math.min(CHUNK, end - start));
    around?.after(b);
  });
  const round = (sum: number, quantum: number): number => Math.round(sum / quantum) * quantum;
  float64(k, losses, 3).set([
    round(totals.loss, quanta.loss),
    round(totals.heldLoss, quanta.loss),
    round(totals.heldWeight, quanta.weight),
  ]);
  k.release(mark);
}

/** Pairs of some rows as float64. */
export function pairReader(k: Kernels, pairs: number, quanta: Quanta, bits: number): (chosen: Uint32Array) => Float64Array {
  const [low, high] = [new Uint32Array(k.memory.buffer), new Int32Array(k.memory.buffer)];
  return (chosen) => {
    const own = new Float64Array(2 * chosen.length);
    for (let i = 0; i < chosen.length; i++) {
      const at = pairs / 4 + 4 * chosen[i];
      own[2 * i] = (high[at + 1] * 2 ** 32 + low[at]) * quanta.g;
      own[2 * i + 1] = (high[at + 3] * 2 ** (32 - bits) + (low[at + 2] >>> bits)) * quanta.h;
    }
    return own;
  };
}

/** Weights of some rows, with the factors of their classes. */
function weigh({ k, binned, body: { factors } }: Step, start: number, n: number, at: number): void {
  const weights = float64(k, at, n);
  weights.set(float64(k, binned.weight + 8 * start, n));
  if (factors === null) return;
  const classes = float64(k, binned.label + 8 * start, n);
  for (let i = 0; i < n; i++) weights[i] *= factors[classes[i]];
}

/** What is said of rows of the part, by their place among those with bins. */
function chosenBy(k: Kernels, { index, rows }: BinnedRows, isDrawn: (row: number) => boolean): (row: number) => boolean {
  const chosen = Uint8Array.from(uint32(k, index, rows), (row) => Number(isDrawn(row)));
  return (row) => chosen[row] === 1;
}
