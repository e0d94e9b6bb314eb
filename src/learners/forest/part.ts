/**
 * What a part does in a round of growing: draws the rows of trees that begin, or sends them on; adds them to the sums of their nodes. Its
 * carry is, for each tree of a group, the slot of every row and how often it was drawn. A carry that is neither there nor one move before
 * is made again from the tree, or reported as lost.
 */
import { float64, type Kernels, uint8, uint16, uint32 } from "../../kernels/kernels.ts";
import type { BinnedRows, Carry, Cuts, Part } from "../learner.ts";
import { binsOf } from "../trees/bins.ts";
import { addWhole, type GrowAnswer } from "./answer.ts";
import type { History, TreeAsk } from "./growing.ts";
import { pickBins, type TreeRows, valuesOf } from "./rows.ts";
import { cellBytes, type Rows } from "./rules.ts";

export interface GrowBody {
  readonly kind: "grow";
  /** Of the carries. */
  readonly name: string;
  readonly cuts: Cuts;
  readonly rows: Rows;
  readonly subset: number;
  /** See `drawBounds`. */
  readonly bounds: Uint32Array;
  readonly trees: readonly TreeAsk[];
}

/** Sums in kernel memory while the parts of one statistic are mapped, and what leads rows there. */
interface Gathering {
  readonly part: Part;
  readonly cells: number;
  readonly bytes: number;
  readonly width: Rows["width"];
  /** By tree asked: addresses of routes, of the slots whose sums are asked for, and of their records. */
  readonly tables: readonly { readonly routes: number; readonly built: number; readonly records: number }[];
}
const gatherings = new WeakMap<GrowAnswer, Gathering>();

const KINDS = { counts: 0, weights: 1, pairs: 2 } as const;
const HALVES = 3;

/** Bytes of the carry of one tree. */
export const carryBytes = (rows: number): number => 3 * rows;

interface Values {
  readonly value: Float64Array;
  readonly weight: Float64Array;
  /** In kernel memory, as `countRows` reads them. */
  readonly address: number;
}

export function growPart(into: GrowAnswer, part: Part, binned: BinnedRows, fold: number, body: GrowBody): void {
  const { rows, columns, bins } = binned;
  const gathering = gatheringOf(into, part, body);
  const carries = body.trees.map(({ place }) => part.carry(`${body.name} ${place} ${fold}`, carryBytes(rows)));
  const k = part.heap.kernels;
  const mark = k.mark();
  const values = placeValues(k, binned, body.rows);
  const [list, starts] = [k.claim(4 * rows + 4), k.claim(4 * Math.max(...body.trees.map(({ slots }) => slots + 1)))];
  const kind = body.rows.width === 2 ? HALVES : KINDS[body.rows.kind];
  const cell = cellBytes(body.rows);
  const whole: TreeRows[] = [];
  for (const [i, ask] of body.trees.entries()) {
    const { routes, built, records } = gathering.tables[i];
    const carry = carries[i];
    const moves = bringTo(k, part, binned, ask, body, carry);
    if (moves === null) {
      into.lost += 1;
      break;
    }
    const [nodes, draws] = [carry.address, carry.address + 2 * rows];
    carry.stamp = "";
    if (moves) k.moveRows(bins, columns, rows, nodes, routes);
    carry.stamp = stampOf(ask, 1);
    const n = ask.built.length;
    k.groupRows(nodes, draws, rows, ask.slots, starts, list);
    if (n > 0) k.countRows(bins, columns, starts, list, built, n, records, body.subset, cell, values.address, kind, body.rows.counted);
    whole.push(...wholeOf(k, binned, ask.whole, starts, list, values, body.rows));
  }
  k.release(mark);
  addWhole(into, whole);
}

const stampOf = ({ tree, moves }: TreeAsk, more: number): string => `${tree} ${moves + more}`;

/** Whether rows have still to move; null where the carry is lost. */
function bringTo(k: Kernels, part: Part, binned: BinnedRows, ask: TreeAsk, { bounds }: GrowBody, carry: Carry): boolean | null {
  if (carry.stamp === stampOf(ask, 1)) return false;
  if (ask.moves > 0 && carry.stamp === stampOf(ask, 0)) return true;
  if (ask.moves > 0 && ask.history === null) return null;
  const { rows, index, weight } = binned;
  carry.stamp = "";
  const mark = k.mark();
  const table = k.claim(4 * bounds.length);
  uint32(k, table, bounds.length).set(bounds);
  k.drawRows(ask.seed, part.firstRow, index, weight, rows, table, bounds.length, carry.address + 2 * rows, carry.address);
  k.release(mark);
  if (ask.history !== null) follow(k, binned, ask.history, carry.address);
  return false;
}

/** Rows go from the root to their slot. */
function follow(k: Kernels, { rows, columns, bins }: BinnedRows, { column, left, right, sides, slot }: History, address: number): void {
  const [nodes, all] = [uint16(k, address, rows), uint8(k, bins, rows * columns)];
  for (let i = 0; i < rows; i++) {
    if (nodes[i] === 0) continue;
    let node = 0;
    while (column[node] >= 0) {
      const bin = all[i * columns + column[node]];
      node = (sides[32 * node + (bin >> 3)] >> (bin & 7)) & 1 ? left[node] : right[node];
    }
    nodes[i] = slot[node];
  }
}

function placeValues(k: Kernels, { rows, label, weight }: BinnedRows, own: Rows): Values {
  const values = valuesOf(float64(k, label, rows), float64(k, weight, rows), own);
  const address = k.claim((own.kind === "counts" ? 2 : 16) * rows);
  if (own.kind === "counts") {
    const offsets = uint16(k, address, rows);
    for (let i = 0; i < rows; i++) offsets[i] = own.width * values.value[i];
  } else if (own.kind === "weights") {
    const [weights, offsets] = [float64(k, address, 2 * rows), uint32(k, address, 4 * rows)];
    for (let i = 0; i < rows; i++) {
      weights[2 * i] = values.weight[i];
      offsets[4 * i + 2] = 8 * values.value[i];
    }
  } else {
    const pairs = float64(k, address, 2 * rows);
    for (let i = 0; i < rows; i++) {
      pairs[2 * i] = values.value[i];
      pairs[2 * i + 1] = values.weight[i];
    }
  }
  return { ...values, address };
}

/** Rows of the nodes whose rows are asked for, by node. */
function wholeOf(
  k: Kernels,
  { rows, columns, bins }: BinnedRows,
  slots: Uint16Array,
  starts: number,
  list: number,
  values: Values,
  { kind }: Rows,
): TreeRows[] {
  if (slots.length === 0) return [];
  const [all, listed] = [uint8(k, bins, rows * columns), uint32(k, list, rows + 1)];
  const from = uint32(k, starts, slots[slots.length - 1] + 1);
  return Array.from(slots, (slot) => {
    const own = listed.subarray(from[slot - 1], from[slot]);
    const kept = own.map((entry) => entry & ROW);
    const draws = Uint8Array.from(own, (entry) => entry >>> 24);
    const weight = Float64Array.from(kept, (row, i) => values.weight[row] * draws[i]);
    const value = Float64Array.from(kept, (row, i) => values.value[row] * (kind === "pairs" ? draws[i] : 1));
    return { columns, bins: pickBins(all, columns, kept), value, weight, draws };
  });
}

/** Of an entry of `groupRows`. */
const ROW = 2 ** 24 - 1;

function gatheringOf(into: GrowAnswer, part: Part, body: GrowBody): Gathering {
  const known = gatherings.get(into);
  if (known !== undefined) return known;
  const { heap } = part;
  const { subset, trees } = body;
  const cell = cellBytes(body.rows);
  const widths = body.cuts.columns.map((column) => binsOf(column) * cell);
  const bytes = trees.reduce((sum, { columns }) => columns.reduce((own, column) => own + widths[column], sum), 0);
  const leads = trees.map(({ routes, built }) => aligned(routes.length) + aligned(4 * built.length) + 8 * subset * built.length);
  const cells = heap.allocate(aligned(bytes) + leads.reduce((sum, own) => sum + own, 0));
  const k = heap.kernels;
  uint8(k, cells, bytes).fill(0);
  let [lead, next] = [cells + aligned(bytes), cells];
  const tables = trees.map(({ routes, built, columns }, t) => {
    const slots = lead + aligned(routes.length);
    const records = slots + aligned(4 * built.length);
    uint8(k, lead, routes.length).set(routes);
    uint32(k, slots, built.length).set(built);
    const record = uint32(k, records, 2 * columns.length);
    columns.forEach((column, i) => {
      record[2 * i] = column;
      record[2 * i + 1] = next;
      next += widths[column];
    });
    const own = { routes: lead, built: slots, records };
    lead += leads[t];
    return own;
  });
  const own = { part, cells, bytes, width: body.rows.width, tables };
  gatherings.set(into, own);
  return own;
}

const aligned = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** Moves what was gathered into the statistic. */
export function takeOver(into: GrowAnswer): void {
  const own = gatherings.get(into);
  if (own === undefined) return;
  const { part, cells, bytes, width } = own;
  const k = part.heap.kernels;
  into.cells = (width === 8 ? float64 : width === 4 ? uint32 : uint16)(k, cells, bytes / width).slice();
  part.heap.free(cells);
  gatherings.delete(into);
}
