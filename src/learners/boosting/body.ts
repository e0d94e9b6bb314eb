/** What a round of growing asks of every part. */
import type { Cuts } from "../learner.ts";
import type { Drawn } from "../trees/draw.ts";
import type { Tree } from "../trees/tree.ts";
import type { RowCounts } from "./growing/layout.ts";
import type { Routes } from "./growing/routes.ts";
import type { RangeSearch } from "./ranges.ts";
import type { RefitBody } from "./refit.ts";

/** How the derivatives of an iteration are rounded. */
export interface Quanta {
  readonly g: number;
  readonly h: number;
  readonly loss: number;
  /** Of sums of weights. */
  readonly weight: number;
}

export interface GrowBody {
  readonly kind: "grow";
  /** Of the carry. */
  readonly name: string;
  /** Stamps of the carry before and after the round. */
  readonly before: string;
  readonly after: string;
  readonly cuts: Cuts;
  readonly rows: RowCounts;
  readonly base: readonly number[];
  readonly quanta: Quanta;
  /** Factor on the weight of a row by its class. */
  readonly factors: readonly number[] | null;
  /** Rows that trees of this iteration grow from, and rows that none grows from; null for all and for none. */
  readonly sample: Drawn | null;
  readonly held: Drawn | null;
  /** A new iteration begins: what is left of the last one, by line; empty in the first. Null within an iteration. */
  readonly begin: readonly Ending[] | null;
  /** By line. */
  readonly routes: readonly Routes[];
  /** Where ranges search: null where whole histograms travel. */
  readonly search: RangeSearch | null;
  /** What to count of the residuals, rows having moved. */
  readonly refit: RefitBody | null;
  /** What a lost carry is made from: the trees of all ended iterations, and all routes of the trees that grow. */
  readonly history: { readonly trees: readonly Tree[]; readonly routes: readonly Routes[] } | null;
}

/** The last step of rows to the leaves of a tree, and the values of its nodes. */
export interface Ending {
  readonly routes: Routes;
  readonly values: Float64Array;
}
