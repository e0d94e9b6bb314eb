/** Memory to read into that a thread uses again and again: fresh memory costs a page fault every 4 KiB, and V8 a collection every so often. */
import type { ByteSource } from "./cut.ts";

/** Reads bytes [startByte, endByte) of a source. The answer holds until as many more are asked for as there are rooms. */
export type RoomRead = (source: ByteSource, startByte: number, endByte: number) => Promise<Uint8Array>;

/** Idle rooms by their size. */
const idle = new Map<number, Uint8Array[]>();

/** Runs work whose reads take turns in `count` rooms of `bytes`, which nobody else uses meanwhile; what is larger gets memory of its own. */
export async function* withRooms<T>(
  count: number,
  bytes: number,
  work: (read: RoomRead) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  const free = idle.get(bytes) ?? [];
  idle.set(bytes, free);
  const rooms = Array.from({ length: count }, () => free.pop() ?? new Uint8Array(bytes));
  const reads: Promise<unknown>[] = [];
  const read: RoomRead = (source, startByte, endByte) => {
    const answer = source.read(startByte, endByte, rooms[reads.length % count]);
    // Whoever waits for it sees the failure; nobody may be waiting yet, or any more.
    answer.catch(() => {});
    reads.push(answer);
    return answer;
  };
  try {
    yield* work(read);
  } finally {
    // One still under way would write into memory that somebody else has by then.
    await Promise.allSettled(reads);
    free.push(...rooms);
  }
}
