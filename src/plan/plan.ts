/** The plan of a run: everything that is fixed before the first round, as plain data in `runs/<run>/plan.json`. */
import type { ColumnType } from "../data/columns.ts";
import type { CsvDialect } from "../data/csv/dialect.ts";
import type { LoadColumn } from "../data/cut.ts";
import type { Job } from "../job/job.ts";
import type { Cut } from "./cuts.ts";
import type { Memory } from "./memory.ts";

export interface Plan {
  readonly run: string;
  /** Hash of the code; a task of another version refuses to take part. */
  readonly bundle: string;
  readonly job: Job;
  readonly source: SourcePlan;
  /** Names the dataset: hash of the objects and of how they are read. */
  readonly fingerprint: string;
  /** Rows of every part but the last of a cut. */
  readonly partRows: number;
  readonly functions: Functions;
  readonly memory: Memory;
  /** For a run that scores. */
  readonly score?: ScorePlan;
  /** For a run that brings new rows into a model. */
  readonly update?: UpdatePlan;
  /** For a training that goes on from a published model. */
  readonly from?: FromPlan;
}

/** Its version, and the key of the run's own copy of it. */
export interface FromPlan {
  readonly version: string;
  readonly copy: string;
}

export interface ScorePlan {
  /** Key of the folder for predictions, and what the names of their files begin with. */
  readonly output: string;
  readonly prefix: string;
  /** The version that predicts, and the keys of the run's own copies of it and, where it has one, of its profile. */
  readonly model: { readonly version: string; readonly copy: string; readonly profile?: string };
  /** With the contributions of the columns. */
  readonly explain?: true;
  /** Instead of predictions: what moves them, and how they follow these columns. */
  readonly inspect?: { readonly dependence: readonly string[]; readonly seed: number };
  /** The object whose arrival asked for it. */
  readonly input?: ScoredObject;
}

export interface UpdatePlan {
  /** Key of the folder of the model's versions, and the version that the new one follows. */
  readonly folder: string;
  readonly base: string;
  /** The objects whose rows are new, as they were when the update was planned. */
  readonly objects: readonly { readonly key: string; readonly etag: string }[];
  /** Keys of the run's own copies of the base's model and of what stands for its rows. */
  readonly copies: { readonly model: string; readonly statistic: string };
}

/** An object as it was when its scoring was planned. */
export interface ScoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag: string;
}

export interface SourcePlan {
  readonly format: "csv" | "parquet";
  readonly dialect?: CsvDialect;
  /** Columns to load, with their types as a sample tells them. */
  readonly columns: readonly LoadColumn[];
  /** Types that the job fixes: they are not widened, a value that does not fit is a bad row. */
  readonly fixed: Readonly<Record<string, ColumnType>>;
  readonly cuts: readonly Cut[];
  /** First cut of the files that `split: { testPath }` names; their rows are the test rows. */
  readonly testFromCut: number | null;
  readonly bytes: number;
}

export interface Functions {
  /** Tasks that a round is spread over, as far as it has units. */
  readonly count: number;
  /** One function holds everything and runs round after round by itself. */
  readonly fused: boolean;
  /** Numbered functions there are; a task keeps its slot over the rounds, so that it finds its parts in memory. */
  readonly slots: number;
  /** Compute threads of one function. */
  readonly threads: number;
  readonly memoryBytes: number;
  /** Functions that may run at the same time; more tasks wait for their turn. Left out: all. */
  readonly atOnce?: number;
  /** Whether AWS asks for money for them. */
  readonly billed?: boolean;
}
