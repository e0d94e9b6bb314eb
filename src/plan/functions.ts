/** Which functions a run on AWS uses: from the size of its source, what the stack has, and what the account lets it run at once. */
import type { SourceFormat } from "../data/source.ts";
import type { Functions } from "./plan.ts";
import { CSV_BYTES_PER_SECOND, PARQUET_BYTES_PER_SECOND } from "./throughput.ts";

/** What a stack offers. */
export interface Offer {
  /** Numbered mappers. */
  readonly slots: number;
  readonly mapperMegabytes: number;
  readonly fusedMegabytes: number;
  /** Whether one function may hold everything and run round after round by itself. */
  readonly fused: boolean;
  /** Functions that may run at once, 1 or more. */
  readonly atOnce: number;
}

/** What is known of a source once it has been looked at. */
export interface SourceSize {
  readonly format: SourceFormat;
  /** Once unpacked. */
  readonly bytes: number;
  /** Parts that the user asks for; left out: as many as there are rows for. */
  readonly parts?: number;
}

/** Chooses for a source; where all is given, always the same. */
export type Choose = (size: SourceSize) => Functions;

/** Lambda gives a function one virtual CPU for so many megabytes ("Configure Lambda function memory"). */
export const MEGABYTES_PER_CPU = 1_769;
export const threadsOf = (megabytes: number): number => Math.max(1, Math.round(megabytes / MEGABYTES_PER_CPU));

/** Below that time of loading, rounds over many functions would take longer than the work: each costs the orchestrator half a second. */
const FUSED_SECONDS = 4;
/** Loaded Parquet is about so many times its compressed bytes; text becomes no larger. */
const PARQUET_RATIO = 4;
/** Of a function's memory, what the parts that it maps should fill at most, to be kept between rounds. */
const KEPT_SHARE = 0.4;
/** Tasks of one group, whose child goes on from round to round by itself, load this much each before there are more groups. */
const GROUP_TASK_BYTES = 512 * 2 ** 20;
/** Smaller tasks would be over before all of them have started. */
const SMALLEST_TASK_BYTES = 64 * 2 ** 20;
/** A task that loads has to end well within its function's time. */
const LONGEST_TASK_SECONDS = 12;
/** Of a group: the children of the machine hold no more (`workflow/state.ts`). */
const GROUP = 32;

export function chooseFunctions(offer: Offer, size: SourceSize): Functions {
  return holdsAll(offer, size) ? fusedFunction(offer) : spread(offer, size);
}

const speedOf = ({ format }: SourceSize): number => (format === "csv" ? CSV_BYTES_PER_SECOND : PARQUET_BYTES_PER_SECOND);
const loadedBytes = ({ format, bytes }: SourceSize): number => (format === "csv" ? bytes : bytes * PARQUET_RATIO);

function holdsAll({ fused, fusedMegabytes }: Offer, size: SourceSize): boolean {
  const seconds = size.bytes / speedOf(size) / threadsOf(fusedMegabytes);
  return fused && size.parts === undefined && seconds <= FUSED_SECONDS && loadedBytes(size) <= KEPT_SHARE * fusedMegabytes * 2 ** 20;
}

function fusedFunction({ fusedMegabytes }: Offer): Functions {
  return {
    count: 1,
    fused: true,
    slots: 1,
    threads: threadsOf(fusedMegabytes),
    memoryBytes: fusedMegabytes * 2 ** 20,
    atOnce: 1,
    billed: true,
  };
}

function spread({ slots, mapperMegabytes, atOnce }: Offer, size: SourceSize): Functions {
  const threads = threadsOf(mapperMegabytes);
  const memoryBytes = mapperMegabytes * 2 ** 20;
  const tasks = (bytes: number, of: number): number => Math.ceil(bytes / of);
  // Everything stays in memory, a task at a time loads half a GiB …
  const wanted = Math.max(
    tasks(loadedBytes(size), KEPT_SHARE * memoryBytes),
    Math.min(GROUP, tasks(size.bytes, SMALLEST_TASK_BYTES)),
    tasks(size.bytes, GROUP_TASK_BYTES),
    Math.min(slots, size.parts ?? 1),
  );
  // … as far as the account lets so many run; a task may take its time, but no longer than it has.
  const needed = tasks(size.bytes, LONGEST_TASK_SECONDS * speedOf(size) * threads);
  return { count: Math.max(1, needed, Math.min(wanted, atOnce)), fused: false, slots, threads, memoryBytes, atOnce, billed: true };
}
