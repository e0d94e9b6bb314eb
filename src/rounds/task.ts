/**
 * A task: some units of one round, mapped one after another and merged along the tree. What it answers depends on the round and the
 * units only; caches decide how long it takes.
 */
import type { Table } from "../data/columns.ts";
import { type Manifest, manifestKey, type PartPlace, partPlaces, readPart } from "../data/manifest.ts";
import type { LearnerAny } from "../learners/registry.ts";
import { learnerNamed } from "../learners/registry.ts";
import type { Plan } from "../plan/plan.ts";
import { CodeChanged } from "../ports/errors.ts";
import { readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { addLeaf, type Forest, startForest } from "../statistics/merge-tree.ts";
import { createCache } from "./cache.ts";
import { labelValues, missingLabels, rowWeights } from "./labels.ts";
import type { Rows } from "./part.ts";
import type { MapContext } from "./phase.ts";
import { phaseNamed } from "./phases/registry.ts";
import type { PhaseName } from "./run.ts";
import { DROPPED, foldsOf, groupsOf } from "./split.ts";

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
}

export interface TaskAnswer {
  readonly forest: Forest<unknown>;
  readonly report: TaskReport;
}

export interface TaskReport {
  readonly rows: number;
  readonly readMillis: number;
  readonly computeMillis: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly peakBytes: number;
}

export interface TaskHost {
  readonly store: ObjectStore;
  readonly sources: ObjectStore;
  readonly outputs: ObjectStore;
  readonly bundle: string;
  /** Bytes that decoded parts may keep between rounds. */
  readonly cacheBytes: number;
  nowMillis(): number;
  peakBytes(): number;
}

interface RunData {
  readonly plan: Plan;
  readonly learner: LearnerAny;
  manifest: { readonly value: Manifest; readonly places: readonly PartPlace[]; readonly testFromRow: number | null } | null;
}

/** Runs tasks one at a time, keeping parts between them. One a compute thread, for as long as the thread lives. */
export function createTasks(host: TaskHost): (request: TaskRequest) => Promise<TaskAnswer> {
  const runs = new Map<string, RunData>();
  const tables = createCache<Table>(host.cacheBytes);
  const prepared = createCache<Rows>(host.cacheBytes / 4);

  const openRun = async (run: string): Promise<RunData> => {
    let data = runs.get(run);
    if (data === undefined) {
      const plan = await readJson<Plan>(host.store, `runs/${run}/plan.json`);
      data = { plan, learner: learnerNamed(plan.job.model.learner), manifest: null };
      runs.set(run, data);
    }
    return data;
  };

  const openManifest = async (data: RunData): Promise<NonNullable<RunData["manifest"]>> => {
    if (data.manifest === null) {
      const value = await readJson<Manifest>(host.store, manifestKey(data.plan.fingerprint));
      const testFromCut = data.plan.source.testFromCut;
      const testFromRow = testFromCut === null ? null : value.cuts.slice(0, testFromCut).reduce((sum, cut) => sum + cut.rows, 0);
      data.manifest = { value, places: partPlaces(value), testFromRow };
    }
    return data.manifest;
  };

  const tableOf = async (data: RunData, part: number): Promise<{ table: Table; place: PartPlace }> => {
    const manifest = await openManifest(data);
    const place = manifest.places[part];
    const key = `${data.plan.fingerprint}/${place.cut}/${place.index}`;
    let table = tables.get(key);
    if (table === undefined) {
      table = await readPart(host.store, manifest.value, place);
      tables.put(key, table, bytesOf(table));
    }
    return { table, place };
  };

  const rowsOf = async (data: RunData, part: number, classes: readonly string[] | null): Promise<Rows> => {
    const key = `${data.plan.run}/${part}/${classes?.join(" ") ?? ""}`;
    let rows = prepared.get(key);
    if (rows === undefined) {
      const { table, place } = await tableOf(data, part);
      const manifest = await openManifest(data);
      rows = prepare(data.plan, part, table, place, manifest.testFromRow, classes);
      prepared.put(key, rows, 20 * table.rows);
    }
    return rows;
  };

  return async (request) => {
    if (request.bundle !== host.bundle) throw new CodeChanged(`the code must be the one that planned run ${request.run} (${request.bundle}), got ${host.bundle}; start a new run`);
    const started = host.nowMillis();
    const before = { hits: tables.hits, misses: tables.misses };
    const data = await openRun(request.run);
    const phase = phaseNamed(request.phase, data.learner);
    let rows = 0;
    let readMillis = 0;
    const context: MapContext = {
      plan: data.plan,
      learner: data.learner,
      store: host.store,
      sources: host.sources,
      outputs: host.outputs,
      model: null,
      table: async (part) => {
        const { table, place } = await tableOf(data, part);
        rows += table.rows;
        return { table, firstRow: place.firstRow };
      },
      rows: async (part, classes) => {
        const from = host.nowMillis();
        const found = await rowsOf(data, part, classes);
        readMillis += host.nowMillis() - from;
        rows += found.table.rows;
        return found;
      },
      keep: (cut, parts) => {
        parts.forEach((table, index) => {
          rows += table.rows;
          tables.put(`${data.plan.fingerprint}/${cut}/${index}`, table, bytesOf(table));
        });
      },
    };
    const forest = startForest<unknown>(request.total);
    for (let place = request.first; place < request.end; place++) {
      const statistic = phase.empty(request.ask);
      await phase.map(statistic, request.units[place], request.ask, context);
      addLeaf(forest, place, statistic, phase.merge);
    }
    const report = {
      rows,
      readMillis,
      computeMillis: host.nowMillis() - started - readMillis,
      cacheHits: tables.hits - before.hits,
      cacheMisses: tables.misses - before.misses,
      peakBytes: host.peakBytes(),
    };
    return { forest, report };
  };
}

function prepare(plan: Plan, number: number, table: Table, place: PartPlace, testFromRow: number | null, classes: readonly string[] | null): Rows {
  const { job } = plan;
  const folds = job.tune?.folds ?? 1;
  const fold = foldsOf({ firstRow: place.firstRow, rows: table.rows, table }, job.split, folds, missingLabels(table, job), testFromRow === null ? {} : { testFirstRow: testFromRow });
  const labels = labelValues(table, job, classes);
  if (classes !== null) for (let i = 0; i < fold.length; i++) if (Number.isNaN(labels[i])) fold[i] = DROPPED;
  return { number, firstRow: place.firstRow, table, groups: groupsOf(fold, folds), labels, weights: rowWeights(table, job, place.firstRow) };
}

function bytesOf(table: Table): number {
  return Object.values(table.columns).reduce((sum, column) => sum + (column.type === "string" ? column.codes.byteLength : column.values.byteLength), 0);
}
