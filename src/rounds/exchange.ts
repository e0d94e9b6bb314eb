/**
 * Blocks that tasks leave in the store for the ranges of the next round, and what a range keeps there for itself. Names are used again by
 * every second exchange, so that a run does not fill the store; the number of the exchange stands in each block. What another exchange has
 * taken the place of counts as lost, and is made again.
 */
import { NotFoundError } from "../ports/errors.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { decode, encode } from "./codec.ts";

/** What a task left: its object, and where the block of each range begins; the last edge is the object's end. */
export interface Outbox {
  readonly key: string;
  readonly edges: readonly number[];
}

export interface Exchange {
  readonly store: ObjectStore;
  readonly run: string;
  readonly number: number;
}

const STAMP_BYTES = 8;
const stampOf = (number: number): Uint8Array => new Uint8Array(Float64Array.of(number).buffer);
const isStamped = (bytes: Uint8Array, number: number): boolean => Buffer.from(stampOf(number)).equals(bytes.subarray(0, STAMP_BYTES));
const nameOf = ({ run, number }: Exchange, what: string): string => `runs/${run}/exchange/${number % 2}/${what}`;

/** `first` is the first place that the task, or its thread, has mapped. */
export async function writeOutbox(exchange: Exchange, first: number, blocks: readonly Float64Array[]): Promise<Outbox> {
  const edges = [0];
  for (const { byteLength } of blocks) edges.push(edges[edges.length - 1] + STAMP_BYTES + byteLength);
  const key = nameOf(exchange, `task-${String(first).padStart(6, "0")}`);
  const stamp = stampOf(exchange.number);
  const bytes = ({ buffer, byteOffset, byteLength }: Float64Array) => new Uint8Array(buffer, byteOffset, byteLength);
  await exchange.store.write(
    key,
    blocks.flatMap((block) => [stamp, bytes(block)]),
  );
  return { key, edges };
}

/** The sum of a range's blocks; empty where none has numbers; null where one is lost. */
export async function readSums({ store, number }: Exchange, outboxes: readonly Outbox[], range: number): Promise<Float64Array | null> {
  let sums = new Float64Array(0);
  for (const { key, edges } of outboxes) {
    const [start, end] = [edges[range], edges[range + 1]];
    const bytes = await found(store.read(key, start, end));
    if (bytes === null || bytes.length !== end - start || !isStamped(bytes, number)) return null;
    const block = new Float64Array(bytes.slice(STAMP_BYTES).buffer);
    if (sums.length === 0) sums = block;
    else for (let i = 0; i < block.length; i++) sums[i] += block[i];
  }
  return sums;
}

export async function writeKept(exchange: Exchange, range: number, kept: unknown): Promise<void> {
  await exchange.store.write(nameOf(exchange, `range-${range}`), [stampOf(exchange.number), encode(kept)]);
}

/** What the range kept in that exchange; null where it is lost. */
export async function readKept(exchange: Exchange, range: number): Promise<unknown> {
  const bytes = await found(exchange.store.read(nameOf(exchange, `range-${range}`)));
  return bytes !== null && isStamped(bytes, exchange.number) ? decode(bytes.subarray(STAMP_BYTES)) : null;
}

async function found(reading: Promise<Uint8Array>): Promise<Uint8Array | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
