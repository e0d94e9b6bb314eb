/**
 * A task: some units of one round, mapped one after another and merged along the tree. What it answers depends on the round and the
 * units only; caches decide how long it takes.
 */
import type { Table } from "../data/columns.ts";
import { arrow, firstRowOf, type Manifest, manifestKey, type PartPlace, partKey, partPlaces, readPart } from "../data/manifest.ts";
import type { LearnerAny } from "../learners/registry.ts";
import { learnerNamed } from "../learners/registry.ts";
import type { Plan } from "../plan/plan.ts";
import { CodeChanged } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { addLeaf, type Forest, startForest } from "../statistics/merge-tree.ts";
import type { TaskReport } from "./measure.ts";
import { createCache } from "./parts/cache.ts";
import { mergedBytes } from "./parts/kept-rows.ts";
import { labelValues, missingLabels, rowWeights } from "./parts/labels.ts";
import type { Grouped, Rows } from "./parts/part.ts";
import { createResident } from "./parts/resident.ts";
import { foldsOf, groupsOf, type SplitContext } from "./parts/split.ts";
import { readStrata, type StrataTable, strataOf } from "./parts/strata.ts";
import type { MapContext } from "./phase.ts";
import { mergeOf, phaseNamed } from "./phases/registry.ts";
import type { PhaseName, Round } from "./run.ts";

export interface TaskRequest {
  readonly run: string;
  readonly bundle: string;
  readonly round: number;
  readonly phase: PhaseName;
  readonly ask: unknown;
  /** Units of the round in order; the task maps those at places [first, end). */
  readonly units: readonly number[];
  readonly first: number;
  readonly end: number;
  /** Places of all tasks together: the width of the merge tree. */
  readonly total: number;
  /** Statistics gather units in any order: the task answers with one, as the only leaf of its forest. */
  readonly anyOrder?: boolean;
  /** Asked before the last round was concluded from: the round of this number may then ask something else. */
  readonly ahead?: boolean;
}

/** What to map of a round: its places [first, end). */
export function requestOf({ run, bundle }: Plan, round: Round, first: number, end: number): TaskRequest {
  const { number, phase, ask, units, anyOrder = false } = round;
  return { run, bundle, round: number, phase, ask, units, first, end, total: units.length, anyOrder };
}

export interface TaskAnswer {
  readonly forest: Forest<unknown>;
  readonly report: TaskReport;
  /** Buffers in the forest that nobody else holds, for a thread to give away. */
  readonly transfer?: readonly ArrayBuffer[];
}

export interface TaskHost {
  readonly store: ObjectStore;
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
  readonly bundle: string;
  /** Bytes that decoded parts may keep between rounds of a run, in this thread. */
  cacheBytes(plan: Plan): number;
  nowMillis(): number;
  peakBytes(): number;
  /** Milliseconds of garbage collection in this thread so far. */
  gcMillis(): number;
}

interface RunData {
  readonly plan: Plan;
  readonly learner: LearnerAny;
  manifest: { readonly value: Manifest; readonly places: readonly PartPlace[]; readonly testFromRow: number | null } | null;
  strata: StrataTable | null;
}

/** Loads what first tasks read and write with: a thread is there before the run is planned, and waits. */
export const prepareTasks = (): void => void arrow();

/** Runs tasks one at a time, keeping parts between them. One a compute thread, for as long as the thread lives. */
export function createTasks(host: TaskHost): (request: TaskRequest) => Promise<TaskAnswer> {
  const runs = new Map<string, RunData>();
  // Columns that were loaded, and what stays of them in kernel memory, share what there is; columns are easier to come by.
  let share = 0;
  const tables = createCache<Table>(0);
  const resident = createResident((bytes) => tables.resize(share - bytes));
  // Without the tables, which would otherwise outlive their own cache.
  const sides = createCache<Pick<Grouped, "groups" | "weights">>(0);
  const truths = createCache<Pick<Rows, "groups" | "labels">>(0);

  const openRun = async (run: string): Promise<RunData> => {
    let data = runs.get(run);
    if (data === undefined) {
      const plan = await readJson<Plan>(host.store, `runs/${run}/plan.json`);
      data = { plan, learner: learnerNamed(plan.job.model.learner), manifest: null, strata: null };
      runs.set(run, data);
    }
    return data;
  };

  /** A function serves one run after another: what one may keep follows from its own plan. */
  const resize = (bytes: number): void => {
    share = (bytes * 3) / 4;
    resident.resize(share);
    tables.resize(share - resident.bytes);
    sides.resize(bytes / 8);
    truths.resize(bytes / 8);
  };

  const openManifest = async (data: RunData): Promise<NonNullable<RunData["manifest"]>> => {
    if (data.manifest === null) {
      const value = await readJson<Manifest>(host.store, manifestKey(data.plan.fingerprint));
      data.manifest = { value, places: partPlaces(value), testFromRow: firstRowOf(value, data.plan.source.testFromCut) };
    }
    return data.manifest;
  };

  const tableOf = async (data: RunData, part: number): Promise<{ table: Table; place: PartPlace }> => {
    const manifest = await openManifest(data);
    const place = manifest.places[part];
    const key = partKey(manifest.value.cuts[place.cut], place.index);
    let table = tables.get(key);
    if (table === undefined) {
      table = await readPart(host.store, manifest.value, place);
      tables.put(key, table, bytesOf(table));
    }
    return { table, place };
  };

  const splitContextOf = async (data: RunData, part: number, table: Table): Promise<SplitContext> => {
    const { testFromRow } = await openManifest(data);
    const context = testFromRow === null ? {} : { testFirstRow: testFromRow };
    if (!data.plan.job.split.stratify) return context;
    data.strata ??= await readStrata(host.store, data.plan.run);
    return { ...context, strata: strataOf(data.strata, part, labelValues(table, data.plan.job, data.strata.classes)) };
  };

  const groupedOf = async (data: RunData, part: number): Promise<Grouped> => {
    const { table, place } = await tableOf(data, part);
    const key = `${data.plan.run}/${part}`;
    let found = sides.get(key);
    if (found === undefined) {
      found = sidesOf(data.plan, table, place, await splitContextOf(data, part, table));
      sides.put(key, found, 12 * table.rows + mergedBytes(table.rows, found.groups.length - 1));
    }
    const { groupBy } = data.plan.job.split;
    return { number: part, firstRow: place.firstRow, table, ...(groupBy !== undefined && { groupBy }), ...found };
  };

  const rowsOf = async (data: RunData, part: number, classes: readonly string[] | null): Promise<Rows> => {
    const grouped = await groupedOf(data, part);
    const key = `${data.plan.run}/${part}/${classes?.join("\n") ?? ""}`;
    let found = truths.get(key);
    if (found === undefined) {
      found = truthOf(grouped, data.plan, classes);
      truths.put(key, found, 8 * grouped.table.rows);
    }
    return { ...grouped, ...found };
  };

  // Every chunk of a round brings the round's question along: what is kept by it is found again by the first of them.
  let known: Pick<TaskRequest, "run" | "round" | "ask" | "ahead"> = { run: "", round: -1, ask: null };
  const askOf = ({ run, round, ask, ahead = false }: TaskRequest): unknown => {
    if (known.run !== run || known.round !== round || known.ahead !== ahead) known = { run, round, ask, ahead };
    return known.ask;
  };

  const answer = async (asked: TaskRequest): Promise<TaskAnswer> => {
    const request = { ...asked, ask: askOf(asked) };
    if (request.bundle !== host.bundle)
      throw new CodeChanged(
        `the code must be the one that planned run ${request.run} (${request.bundle}), got ${host.bundle}; start a new run`,
      );
    const started = host.nowMillis();
    const before = { hits: tables.hits, misses: tables.misses, gcMillis: host.gcMillis() };
    const data = await openRun(request.run);
    resize(host.cacheBytes(data.plan));
    resident.round(request.round);
    const phase = phaseNamed(request.phase, data.learner);
    const merge = mergeOf(request, data.learner);
    let rowsSeen = 0;
    let readMillis = 0;
    const seen = async <T extends Grouped>(opening: Promise<T>): Promise<T> => {
      const from = host.nowMillis();
      const found = await opening;
      readMillis += host.nowMillis() - from;
      rowsSeen += found.table.rows;
      return found;
    };
    let written: Promise<unknown> = Promise.resolve();
    const context: MapContext = {
      plan: data.plan,
      learner: data.learner,
      store: host.store,
      sources: host.sources,
      outputs: host.outputs,
      model: null,
      profile: null,
      first: request.first,
      resident,
      table: async (part) => {
        const { table, place } = await tableOf(data, part);
        rowsSeen += table.rows;
        return { table, firstRow: place.firstRow };
      },
      groups: (part) => seen(groupedOf(data, part)),
      rows: (part, classes) => seen(rowsOf(data, part, classes)),
      keep: (file, parts) => {
        parts.forEach((table, index) => {
          rowsSeen += table.rows;
          tables.put(partKey(file, index), table, bytesOf(table));
        });
      },
      behind: async (write) => {
        // Whoever waits for it next sees the failure.
        write.catch(() => {});
        const before = written;
        written = write;
        await before;
      },
    };
    const forest = startForest<unknown>(request.total);
    const mapInto = async (statistic: unknown, first: number, end: number): Promise<unknown> => {
      for (let place = first; place < end; place++) await phase.map(statistic, request.units[place], request.ask, context);
      if (phase.finish !== undefined) await phase.finish(statistic, request.ask, context);
      return statistic;
    };
    if (request.anyOrder) addLeaf(forest, 0, await mapInto(phase.empty(request.ask), request.first, request.end), merge);
    else {
      for (let place = request.first; place < request.end; place++) {
        addLeaf(forest, place, await mapInto(phase.empty(request.ask), place, place + 1), merge);
      }
    }
    phase.pool?.(forest.map(({ statistic }) => statistic));
    await written;
    const report: TaskReport = {
      rows: rowsSeen,
      millis: host.nowMillis() - started,
      readMillis,
      gcMillis: host.gcMillis() - before.gcMillis,
      cacheHits: tables.hits - before.hits,
      cacheMisses: tables.misses - before.misses,
      peakBytes: host.peakBytes(),
    };
    const isOwn = request.anyOrder || phase.pool !== undefined;
    return { forest, report, ...(isOwn && { transfer: [...buffersOf(forest)] }) };
  };
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const answered = last.then(() => answer(request));
    last = answered.catch(() => {});
    return answered;
  };
}

function sidesOf({ job }: Plan, table: Table, { firstRow }: PartPlace, split: SplitContext): Pick<Grouped, "groups" | "weights"> {
  const folds = job.tune?.folds ?? 1;
  const fold = foldsOf({ firstRow, rows: table.rows, table }, job.split, folds, missingLabels(table, job), split);
  return { groups: groupsOf(fold, folds), weights: rowWeights(table, job, firstRow) };
}

/** A held-out row of a class that training did not see has no label to be judged by. */
function truthOf({ table, groups }: Grouped, { job }: Plan, classes: readonly string[] | null): Pick<Rows, "groups" | "labels"> {
  const labels = labelValues(table, job, classes);
  if (!labels.includes(Number.NaN)) return { labels, groups };
  const isKnown = (row: number): boolean => !Number.isNaN(labels[row]);
  let known = 0;
  for (let i = 0; i < labels.length; i++) if (!Number.isNaN(labels[i])) known += 1;
  // Rows without a label are in no group, so equal counts say that every grouped row has one and none has to be looked at.
  const grouped = groups.reduce((sum, group) => sum + group.length, 0);
  return { labels, groups: grouped === known ? groups : groups.map((group) => group.filter(isKnown)) };
}

/** A string takes its header and a pointer besides its text, in a heap that may grow to about twice what lives in it. */
const STRING_BYTES = 32;

function bytesOf(table: Table): number {
  return Object.values(table.columns).reduce((sum, column) => {
    if (column.type !== "string") return sum + (column.decimals?.whole ?? column.values).byteLength;
    return column.dictionary.reduce((bytes, text) => bytes + 2 * (text.length + STRING_BYTES), sum + column.codes.byteLength);
  }, 0);
}

/** Typed arrays that have their memory for themselves: what a learner gathers it makes anew in `finish`, and what is pooled is anew. */
export function* buffersOf(value: unknown): Iterable<ArrayBuffer> {
  if (typeof value !== "object" || value === null) return;
  if (!ArrayBuffer.isView(value)) for (const inner of Object.values(value)) yield* buffersOf(inner);
  else if (value.byteLength === value.buffer.byteLength) yield value.buffer as ArrayBuffer;
}
