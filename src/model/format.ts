/** The published model: `model.json` and the blobs beside it. Fields may be added within a format; a change of meaning is a new format. */
import type { View } from "../features/view.ts";
import type { Job } from "../job/job.ts";
import type { Task } from "../learners/learner.ts";

export const MODEL_FORMAT = 1;

/** Metrics by name; null where the rows leave one undefined. */
export type Metrics = Readonly<Record<string, number | null>>;

export interface ModelJson {
  readonly format: number;
  /** Version of steplearn that wrote it. */
  readonly steplearn: string;
  readonly name: string;
  readonly learner: string;
  readonly task: Task;
  readonly label: { readonly column: string; readonly classes: readonly string[] };
  /** Binary: class 1 is predicted where its probability is above the threshold. */
  readonly threshold: number;
  /** All parameters that training used, with defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The learner's own part: for linear models `intercept` and `coefficients` by column name, in the units of the dataset's columns. */
  readonly [readable: string]: unknown;
  /** What the learner predicts from; not for people. */
  readonly model: unknown;
  readonly view: View;
  /** What each stage fitted, by column. */
  readonly features: unknown;
  readonly metrics: { readonly train: Metrics; readonly test: Metrics | null };
  readonly baseline: { readonly train: Metrics; readonly test: Metrics | null };
  readonly data: {
    readonly fingerprint: string;
    readonly rows: number;
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  };
  /** Mean training loss with penalty, by round. */
  readonly loss: readonly number[];
  readonly warnings: readonly string[];
  readonly tune: SearchJson | null;
  readonly job: Job;
  /** Of a version that brought new rows into another one: `metrics` and `baseline` are those of the new rows. */
  readonly update?: UpdateJson;
  /** The version of a model that training went on from. */
  readonly from?: string;
  /** SHA-256 of each blob. */
  readonly blobs: Readonly<Record<string, string>>;
}

/** Where an updated version comes from. */
interface UpdateJson {
  /** The version before it, and the one that was trained on all its rows at once. */
  readonly from: string;
  readonly trained: string;
  /** Rows that this update brought in, held out or not. */
  readonly rows: number;
}

/** Every setting of a search, beside the baseline. */
export interface SearchJson {
  readonly metric: string;
  readonly folds: number;
  readonly winner: Readonly<Record<string, unknown>>;
  readonly baseline: number | null;
  readonly settings: readonly {
    readonly params: Readonly<Record<string, unknown>>;
    readonly mean: number | null;
    readonly standardDeviation: number | null;
    readonly values: readonly (number | null)[];
  }[];
}

/** `metrics.json`. */
export interface MetricsJson {
  readonly train: Metrics;
  readonly test: Metrics | null;
  readonly baseline: { readonly train: Metrics; readonly test: Metrics | null };
  readonly rows: { readonly train: number; readonly test: number; readonly dropped: number; readonly bad: number };
  /** Of at most 100 classes: weight by [true class][predicted class]. */
  readonly confusion?: readonly (readonly number[])[];
  /** Of more than two classes: the 1,000 pairs of different ones with the largest weight, the largest first. */
  readonly mostConfused?: readonly ConfusedJson[];
  readonly byClass?: unknown;
  readonly curve?: unknown;
}

/** Weight of the rows of one class that were predicted as another. */
export interface ConfusedJson {
  readonly truth: string;
  readonly predicted: string;
  readonly weight: number;
}
