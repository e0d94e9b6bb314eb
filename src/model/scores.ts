/** What a scoring leaves and answers. */
import type { Drift } from "../profile/drift.ts";
import type { Metrics } from "./format.ts";

/** `manifest.json` of a folder of scores. */
export interface ScoresManifest {
  readonly model: { readonly name: string; readonly version: string; readonly fingerprint: string };
  /** The object whose arrival asked for the scores. */
  readonly input?: { readonly bucket: string; readonly key: string; readonly versionId?: string; readonly etag: string };
  readonly rows: number;
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** Where the data has the label, and of how many rows: those without one, or of a class that the model does not know, are predicted only. */
  readonly metrics?: Metrics;
  readonly judged?: number;
  /** How far the rows differ from those that the model was trained on; absent of models without a profile. */
  readonly drift?: Drift;
  readonly warnings: readonly string[];
}

/** A scoring that has ended, as its caller is told. */
export interface Scored {
  readonly folder: string;
  readonly rows: number;
  /** Files of predictions, in the order of the rows. */
  readonly files: readonly string[];
  /** Where the data has the label, and of how many rows. */
  readonly metrics?: Metrics;
  readonly judged?: number;
  /** How far the rows differ from those that the model was trained on. */
  readonly drift?: Drift;
  readonly seconds: number;
}
