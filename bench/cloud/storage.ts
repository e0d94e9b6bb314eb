/** An object store at the speed of S3: a first byte that varies, so many bytes a second for a connection and for all of a function. */
import { CLOUD } from "../../src/plan/cloud.ts";
import type { ObjectStore } from "../../src/ports/object-store.ts";
import type { Chance, Spread } from "./chance.ts";
import type { Clock } from "./clock.ts";

/** What one function has asked of storage so far; and when its line is free. */
export interface Line {
  reads: number;
  writes: number;
  readBytes: number;
  writtenBytes: number;
  /** Seconds in which somebody of the function waited for storage. */
  waited: number;
  freeAt: number;
  waiting: number;
  since: number;
}

export const newLine = (): Line => ({ reads: 0, writes: 0, readBytes: 0, writtenBytes: 0, waited: 0, freeAt: 0, waiting: 0, since: 0 });

export interface StorageOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly line: Line;
  /** Bytes that a piece of an object counts for, where the table at hand stands for a larger one. */
  readonly sizeOf: (key: string, bytes: number, startByte: number) => number;
}

const { storage } = CLOUD;

export function simulatedStore(store: ObjectStore, { clock, chance, line, sizeOf }: StorageOptions): ObjectStore {
  async function take(first: Spread, bytes: number): Promise<void> {
    if (line.waiting++ === 0) line.since = clock.now();
    const begun = clock.now() + chance(first);
    const connections = Math.min(storage.connections, Math.max(1, Math.ceil(bytes / storage.rangeBytes)));
    line.freeAt = Math.max(line.freeAt, begun) + bytes / storage.functionBytesPerSecond;
    const end = Math.max(line.freeAt, begun + bytes / (connections * storage.connectionBytesPerSecond));
    await clock.sleep(end - clock.now());
    if (--line.waiting === 0) line.waited += clock.now() - line.since;
  }
  const requests = (bytes: number): number => Math.max(1, Math.ceil(bytes / storage.rangeBytes));
  return {
    ...store,
    async read(key, startByte = 0, endByte) {
      const content = await store.read(key, startByte, endByte);
      const bytes = sizeOf(key, content.length, startByte);
      line.reads += requests(bytes);
      line.readBytes += bytes;
      await take(storage.read, bytes);
      return content;
    },
    async write(key, content, condition) {
      const bytes = sizeOf(key, content instanceof Uint8Array ? content.length : content.reduce((sum, piece) => sum + piece.length, 0), 0);
      line.writes += requests(bytes);
      line.writtenBytes += bytes;
      await take(storage.write, bytes);
      return store.write(key, content, condition);
    },
    async info(key) {
      line.reads += 1;
      await take(storage.read, 0);
      return store.info(key);
    },
  };
}
