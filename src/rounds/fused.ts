/**
 * Fused rounds: ask, map, merge, step, again, inside one function that holds everything. The same verbs and the same bytes as rounds
 * spread over functions; only the orchestration between rounds is gone, and a round that no answer changes is mapped while the last is
 * concluded from. Checkpointed every few seconds and before it returns.
 */
import { isDeepStrictEqual } from "node:util";
import { type Manifest, manifestKey } from "../data/manifest.ts";
import { readJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { joinForests } from "../statistics/merge-tree.ts";
import { openCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { measure, type TaskReport } from "./measure.ts";
import type { ReadStores } from "./phases/load.ts";
import { mergeOf } from "./phases/registry.ts";
import { endRound, nextRound, roundAhead } from "./program.ts";
import type { Round, RunContext, RunState } from "./run.ts";
import { type Affinity, type Mappers, mapPlaces } from "./schedule.ts";
import { isStopped } from "./stop.ts";
import { requestOf } from "./task.ts";

export interface FusedHost extends ReadStores {
  readonly mappers: Mappers;
  nowMillis(): number;
  /** Milliseconds since 1970. */
  dateMillis(): number;
  /** Milliseconds until the function is stopped. */
  remainingMillis(): number;
  onRound?(state: RunState): void;
  /** Lets signals and timers in between rounds. */
  breathe?(): Promise<void>;
  /** Asked between rounds; true leaves a resumable run. */
  stopped?(): boolean;
}

/** Work between two checkpoints that a lost function may cost. */
const CHECKPOINT_MILLIS = 3_000;
/** Time that a round and the last checkpoint may need before the function is stopped. */
const LEAVE_MILLIS = 60_000;

/** Runs rounds until there is nothing to ask, the time is nearly up, or a stop was asked for. */
export async function runFused(
  host: FusedHost,
  context: RunContext,
  generation: number,
): Promise<{ state: RunState; next: "publish" | "fused" | "stopped" }> {
  const { plan } = context;
  let { state, etag } = await openCheckpoint(host.store, plan.run);
  const affinity: Affinity = new Map();
  let saved = host.nowMillis();
  let ahead: Mapping | null = null;
  const save = async (): Promise<void> => {
    ({ state, etag } = await saveCheckpoint(host.store, plan.run, state, etag));
    saved = host.nowMillis();
  };
  for (;;) {
    await host.breathe?.();
    const next = await nextRound(state, context, host);
    const loaded = state.phase === "load" && next.state.phase !== "load";
    state = next.state;
    if (loaded) await followParts(host.store, context, affinity);
    if (next.round === null || host.stopped?.() === true || host.remainingMillis() < LEAVE_MILLIS) {
      await save();
      return { state, next: next.round === null ? "publish" : host.stopped?.() === true ? "stopped" : "fused" };
    }
    const isDue = host.nowMillis() - saved > CHECKPOINT_MILLIS;
    const mapping: Mapping =
      ahead !== null && isDeepStrictEqual(ahead.round, next.round) ? ahead : startRound(host, context, next.round, affinity);
    // Threads map while the state is written; what they map is worth nothing to a run that stops.
    if (isDue) {
      const [asked] = await Promise.all([isStopped(host.store, plan.run, generation), save()]);
      if (asked) return { state, next: "stopped" };
    }
    const { merged, reports, millis } = await mapping.answer;
    const following = roundAhead(state, context);
    ahead = following === null ? null : startRound(host, context, following, affinity, true);
    state = endRound(merged, next.round, state, context, measure(reports, millis), host.dateMillis());
    host.onRound?.(state);
  }
}

/** A round that threads map. */
interface Mapping {
  readonly round: Round;
  readonly answer: ReturnType<typeof mapRound>;
}

function startRound(host: FusedHost, context: RunContext, round: Round, affinity: Affinity, ahead = false): Mapping {
  const answer = mapRound(host, context, round, affinity, ahead);
  // Whoever waits for it sees the failure.
  answer.catch(() => {});
  return { round, answer };
}

async function mapRound(
  host: FusedHost,
  { plan, learner }: RunContext,
  round: Round,
  affinity: Affinity,
  ahead: boolean,
): Promise<{ merged: unknown; reports: TaskReport[]; millis: number }> {
  const from = host.nowMillis();
  const total = round.units.length;
  const merge = mergeOf(round, learner);
  const { forest, reports } = await mapPlaces(host.mappers, { ...requestOf(plan, round, 0, total), ahead }, affinity, merge);
  const merged = joinForests([forest], round.anyOrder ? 1 : total, merge);
  return { merged, reports, millis: host.nowMillis() - from };
}

/** A cut's parts are in the memory of the thread that loaded it. */
async function followParts(store: ObjectStore, { plan }: RunContext, affinity: Affinity): Promise<void> {
  const manifest = await readJson<Manifest>(store, manifestKey(plan.fingerprint));
  let part = 0;
  manifest.cuts.forEach((cut, c) => {
    const thread = affinity.get(`${plan.run} cut ${c}`);
    for (const _ of cut.parts) {
      if (thread !== undefined) affinity.set(`${plan.run} part ${part}`, thread);
      part += 1;
    }
  });
}
