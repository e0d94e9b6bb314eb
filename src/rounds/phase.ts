/** What every phase looks like to the engine: the verbs of a round, and how a merged answer changes the run. */
import type { Table } from "../data/columns.ts";
import type { CutFile } from "../data/manifest.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { Grouped, Rows } from "./parts/part.ts";
import type { Resident } from "./parts/resident.ts";
import type { RunContext, RunState } from "./run.ts";

/** What mapping a unit may use: the stores, the parts, and the context of the run. */
export interface MapContext extends RunContext {
  readonly store: ObjectStore;
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
  /** A part's columns with the fold of each row; labels are class indices once the classes are known. */
  table(part: number): Promise<{ table: Table; firstRow: number }>;
  groups(part: number): Promise<Grouped>;
  rows(part: number, classes: readonly string[] | null): Promise<Rows>;
  /** The first place of the round that this thread maps now; with `anyOrder` it names what it maps. */
  readonly first: number;
  /** Bins and carries of this thread. */
  readonly resident: Resident;
  /** Keeps the parts of a freshly loaded file, so that later rounds of this function need not read them. */
  keep(file: CutFile, tables: readonly Table[]): void;
  /** Lets a write go on while the next unit is mapped; resolves when the one before is done. The task answers when all are. */
  behind(write: Promise<unknown>): Promise<void>;
}

export interface Phase<Ask, Statistic> {
  /** The next question, or null when the phase has nothing more to ask. */
  ask(state: RunState, context: RunContext): { units: readonly number[]; ask: Ask; anyOrder?: boolean } | null;
  /** What follows that question whatever its answer, so that it can be mapped while the answer is concluded from; null where the answer matters. */
  ahead?(state: RunState, context: RunContext): { units: readonly number[]; ask: Ask } | null;
  empty(ask: Ask): Statistic;
  /** Adds the answer of one unit to `into`. */
  map(into: Statistic, unit: number, ask: Ask, context: MapContext): void | Promise<void>;
  /** Called once after the last unit of a statistic. */
  finish?(into: Statistic, ask: Ask, context: MapContext): void | Promise<void>;
  merge(into: Statistic, other: Statistic, ask: Ask): void;
  /**
   * Moves to the first of a task's statistics, of which there is at least one, what adds up to the same in any order: it then travels and
   * merges once, and not with every subtree that waits for another task.
   */
  pool?(statistics: readonly Statistic[]): void;
  step(merged: Statistic, ask: Ask, state: RunState, context: RunContext): RunState;
}
