/**
 * Checkpoints: the state of the run as one blob, then one small pointer moved by a conditional write. A reducer that lost the race
 * takes the winner's state; the two hold the same bytes anyway.
 */
import { ConflictError, InputError, NotFoundError } from "../ports/errors.ts";
import { exists } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { decode, encode } from "./codec.ts";
import { type PhaseName, type RunState, startState } from "./run.ts";

export interface Checkpoint {
  readonly state: RunState;
  /** Etag of the pointer; null before the first checkpoint. */
  readonly etag: string | null;
}

/** What `runs/<run>/state.json` says. */
interface Pointer {
  readonly rounds: number;
  readonly phase: PhaseName;
  readonly key: string;
}

export const roundKey = (run: string, round: number, name: string): string =>
  `runs/${run}/rounds/${String(round).padStart(5, "0")}/${name}`;
const pointerKey = (run: string): string => `runs/${run}/state.json`;

/** The last checkpoint, or the state of a run that has not ended a round. NotFoundError where a checkpoint has lost its state. */
export async function openCheckpoint(store: ObjectStore, run: string): Promise<Checkpoint> {
  const found = await openPointer(store, run);
  if (found === null) return { state: startState(), etag: null };
  return { state: decode<RunState>(await store.read(found.pointer.key)), etag: found.etag };
}

async function openPointer(store: ObjectStore, run: string): Promise<{ readonly pointer: Pointer; readonly etag: string } | null> {
  try {
    const { etag } = await store.info(pointerKey(run));
    return { pointer: JSON.parse(new TextDecoder().decode(await store.read(pointerKey(run)))) as Pointer, etag };
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/**
 * Keeps the state; answers that of another reducer which was first, and may have met a limit that this one has not. InputError where the
 * pointer was refused and nobody was first, which a run would try again for ever: it is lost, or it can be written and not read.
 */
export async function saveCheckpoint(store: ObjectStore, run: string, state: RunState, etag: string | null): Promise<Checkpoint> {
  const key = roundKey(run, state.rounds, `state-${state.phase}`);
  const first = await writeFirst(store, key, state);
  const pointer: Pointer = { rounds: state.rounds, phase: state.phase, key };
  try {
    const written = await store.write(
      pointerKey(run),
      new TextEncoder().encode(`${JSON.stringify(pointer)}\n`),
      etag === null ? "absent" : { etag },
    );
    return { state: first, etag: written };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const winner = await openCheckpoint(store, run);
    if (winner.etag === null || winner.etag === etag) throw lostPointer(store, run, winner.etag === null ? "none" : "the one before");
    return winner;
  }
}

/** The state under the key, which a pointer may lead to already: that of whoever came first. */
async function writeFirst(store: ObjectStore, key: string, state: RunState): Promise<RunState> {
  try {
    await store.write(key, encode(state), "absent");
    return state;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return decode<RunState>(await store.read(key));
  }
}

export const lostPointer = (store: ObjectStore, run: string, found: string): InputError =>
  new InputError(
    `object ${store.nameOf(pointerKey(run))} must be the last checkpoint of its run, got ${found}; keep programs and lifecycle rules that remove objects away from runs/`,
  );

/** Names shown of the runs that there are. */
const SHOWN = 5;

/** Refuses the name of a run that the store does not know; names the last ones that it does. */
export async function checkRun(store: ObjectStore, run: string): Promise<void> {
  if (await exists(store, `runs/${run}/plan.json`)) return;
  const there: string[] = [];
  for await (const { key } of store.list("runs/"))
    if (key.endsWith("/plan.json")) there.push(key.slice("runs/".length, -"/plan.json".length));
  // Those of a job sort by time.
  const shown = there.slice(-SHOWN).join(", ");
  throw new InputError(
    `run must be one of this store (${store.nameOf("runs")}), got ${run} (${there.length > SHOWN ? "the last there" : "there"}: ${shown || "none"})`,
  );
}
