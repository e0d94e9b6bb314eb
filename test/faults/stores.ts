/** Stores that go wrong by script: each wraps another one and counts from 1. */
import { ConflictError, TransientError } from "../../src/ports/errors.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";

export interface Counts {
  reads: number;
  writes: number;
  lists: number;
  readBytes: number;
  writtenBytes: number;
  /** Keys in the order of the writes. */
  readonly written: string[];
}

/** Counts what is asked of the store, whether it succeeds or not. */
export function counting(store: ObjectStore): ObjectStore & { readonly counts: Counts } {
  const counts: Counts = { reads: 0, writes: 0, lists: 0, readBytes: 0, writtenBytes: 0, written: [] };
  return {
    ...store,
    counts,
    async read(key, ...range) {
      counts.reads++;
      const bytes = await store.read(key, ...range);
      counts.readBytes += bytes.length;
      return bytes;
    },
    write(key, content, condition) {
      counts.writes++;
      counts.writtenBytes += content instanceof Uint8Array ? content.length : content.reduce((sum, piece) => sum + piece.length, 0);
      counts.written.push(key);
      return store.write(key, content, condition);
    },
    list(prefix) {
      counts.lists++;
      return store.list(prefix);
    },
  };
}

type Numbers = number | readonly number[];
const has = (numbers: Numbers, n: number) => (typeof numbers === "number" ? numbers === n : numbers.includes(n));

/** The n-th reads fail as a lost connection does. */
export function failingReads(store: ObjectStore, numbers: Numbers): ObjectStore {
  let reads = 0;
  return {
    ...store,
    async read(key, ...range) {
      if (has(numbers, ++reads)) throw new TransientError(`read of ${key} must not lose its connection`);
      return store.read(key, ...range);
    },
  };
}

/** The n-th writes fail: `before` the store has them, or `after`, when only the answer is lost. */
export function failingWrites(store: ObjectStore, numbers: Numbers, moment: "before" | "after"): ObjectStore {
  let writes = 0;
  return {
    ...store,
    async write(key, bytes, condition) {
      const fails = has(numbers, ++writes);
      const etag = fails && moment === "before" ? "" : await store.write(key, bytes, condition);
      if (fails) throw new TransientError(`write of ${key} must not lose its connection`);
      return etag;
    },
  };
}

/** The n-th writes are answered and never happen: what a reader must notice. */
export function losingWrites(store: ObjectStore, numbers: Numbers): ObjectStore {
  let writes = 0;
  return {
    ...store,
    async write(key, bytes, condition) {
      return has(numbers, ++writes) ? "lost" : store.write(key, bytes, condition);
    },
  };
}

/**
 * What S3 answers on its bad days, as the port has it. unavailable: 503, or 409 to a conditional write, before anything happened · answerLost:
 * it happened · precondition: a conditional write happened, its answer was lost, and the one after it met its own object: 412 · slow.
 */
export type StoreFault = "unavailable" | "answerLost" | "precondition" | "slow";

export type StoreScript = (verb: "read" | "write" | "info", number: number, key: string) => StoreFault | null;

/** A store whose calls, each verb's counted from 1, go wrong by a script. */
export function troubledStore(store: ObjectStore, script: StoreScript): ObjectStore & { readonly faults: () => number } {
  const calls = { read: 0, write: 0, info: 0 };
  let faults = 0;
  const troubled = async <T>(verb: keyof typeof calls, key: string, work: () => Promise<T>, conditional = false): Promise<T> => {
    const drawn = script(verb, ++calls[verb], key);
    const fault = drawn === "precondition" && !conditional ? null : drawn;
    if (fault === null) return work();
    faults++;
    if (fault === "unavailable") throw new TransientError(`${verb} of ${key} must be answered, got SlowDown: reduce your request rate`);
    if (fault === "slow") for (let turn = 0; turn < 16; turn++) await new Promise(setImmediate);
    const answer = await work();
    if (fault === "slow") return answer;
    if (fault === "precondition") throw new ConflictError(`object ${key} must not exist yet`);
    throw new TransientError(`${verb} of ${key} must not lose its connection`);
  };
  return {
    ...store,
    faults: () => faults,
    read: (key, ...range) => troubled("read", key, () => store.read(key, ...range)),
    write: (key, content, condition = "always") =>
      troubled("write", key, () => store.write(key, content, condition), condition !== "always"),
    info: (key) => troubled("info", key, () => store.info(key)),
  };
}

/** Every write without a condition arrives a second time, `later` writes on: the retry that overtakes nothing. */
export function repeatingWrites(store: ObjectStore, later = 1): ObjectStore {
  const again: (() => Promise<string>)[] = [];
  return {
    ...store,
    async write(key, bytes, condition = "always") {
      const copy = bytes.slice();
      const etag = await store.write(key, bytes, condition);
      if (condition === "always") again.push(() => store.write(key, copy));
      if (again.length > later) await again.shift()?.();
      return etag;
    },
  };
}

/** Reads and writes take turns of the event loop by a seeded draw, so that what is asked together ends in another order. */
export function reordering(store: ObjectStore, seed: number, mostTurns = 8): ObjectStore {
  let state = seed >>> 0;
  const wait = async () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    for (let turn = (state >>> 16) % (mostTurns + 1); turn > 0; turn--) await new Promise(setImmediate);
  };
  return {
    ...store,
    async read(key, ...range) {
      await wait();
      return store.read(key, ...range);
    },
    async write(key, bytes, condition) {
      const copy = bytes.slice();
      await wait();
      return store.write(key, copy, condition);
    },
  };
}

export class Killed extends Error {
  override name = "Killed";
}

/** Writes of a process so far: stores that it has together count and die together. */
export interface Life {
  writes: number;
  dead: boolean;
}

/**
 * Calls `kill` right before or after the n-th write, and does nothing any more: what a process sees that dies there. Without a callback of its own
 * every later call rejects with `Killed`.
 */
export function killAfter(
  store: ObjectStore,
  number: number,
  moment: "before" | "after",
  kill: () => void = () => {},
  life: Life = { writes: 0, dead: false },
): ObjectStore {
  const alive = () => {
    if (life.dead) throw new Killed(`process must not go on after write ${number}`);
  };
  return {
    nameOf: store.nameOf,
    async read(key, ...range) {
      alive();
      return store.read(key, ...range);
    },
    async write(key, bytes, condition) {
      alive();
      const last = ++life.writes === number;
      const etag = last && moment === "before" ? "" : await store.write(key, bytes, condition);
      if (!last) return etag;
      // Not before: what runs beside this write lives as long as it does.
      life.dead = true;
      kill();
      throw new Killed(`process must not go on after write ${number}`);
    },
    async info(key) {
      alive();
      return store.info(key);
    },
    async *list(prefix) {
      alive();
      yield* store.list(prefix);
    },
  };
}
