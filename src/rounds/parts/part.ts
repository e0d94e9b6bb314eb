/** The part that learners see: typed columns of consecutive rows, encoded through a view into blocks that every candidate of the view reads. */
import type { Table } from "../../data/columns.ts";
import type { View } from "../../features/view.ts";
import { type Kernels, kernels, uint8 } from "../../kernels/kernels.ts";
import type { BinnedRows, Carry, Cuts, Part } from "../../learners/learner.ts";
import { binnedBytes, binRows } from "../../learners/trees/bins/bins.ts";
import { denseBlocks } from "./dense-blocks.ts";
import { keptRows } from "./kept-rows.ts";
import type { Resident } from "./resident.ts";
import { sparseBlocks } from "./sparse-blocks.ts";
import { groupHashesOf } from "./split.ts";

/** Rows of one part by fold group. */
export interface Grouped {
  readonly number: number;
  /** Index of the part's first row in the dataset. */
  readonly firstRow: number;
  readonly table: Table;
  /** Row offsets of each training fold, and last of the test rows; ascending. */
  readonly groups: readonly Uint32Array[];
  /** The column whose equal values make rows belong together (`split.groupBy`). */
  readonly groupBy?: string;
  /** Weight of each row; null where the job names no weight column and every row weighs 1. */
  readonly weights: Float64Array | null;
}

/** With what a learner is to predict. */
export interface Rows extends Grouped {
  /** Class index or number of each row of the part; NaN where the row belongs to no group. */
  readonly labels: Float64Array;
}

/** Without a place to keep things, as in a round that judges, a part has no bins and no carry. */
export function matrixPart(rows: Rows, resident?: Resident): Part {
  const kept = (): Resident => {
    if (resident === undefined) throw new Error("bins and carries need a place to be kept");
    return resident;
  };
  return {
    number: rows.number,
    rows: rows.table.rows,
    firstRow: rows.firstRow,
    get groupHashes() {
      return groupHashesOf(rows);
    },
    blocks: (view, folds, every = 1) => denseBlocks(kernels(), rows, view, keptRows(rows, view, folds), every),
    sparseBlocks: (view, folds, every = 1) => sparseBlocks(rows, view, keptRows(rows, view, folds), every),
    get heap() {
      return kept().heap;
    },
    binned: (view, cuts, folds) => keptBins(rows, view, cuts, folds, kept()),
    known: (name) => kept().find(`carry ${name}`),
    carry: (name, bytes) => kept().keep(`carry ${name}`, bytes, (address) => startCarry(kept().heap.kernels, address, bytes)),
  };
}

function startCarry(k: Kernels, address: number, bytes: number): Carry {
  uint8(k, address, bytes).fill(0);
  return { address, stamp: "" };
}

function keptBins(rows: Rows, view: View, cuts: Cuts, folds: readonly number[], resident: Resident): BinnedRows {
  const kept = keptRows(rows, view, folds);
  return resident.keep(`bins ${cuts.key} ${folds}`, binnedBytes(kept.length, view.columns.length), (address) => {
    const k = resident.heap.kernels;
    return binRows(k, address, kept.length, cuts, denseBlocks(k, rows, view, kept, 1));
  });
}
