/**
 * Gives the places of a round to the threads of one function, chunk by chunk. A thread prefers the parts it holds in memory; one that
 * has none left takes from the others, so neither test rows at the end of the data nor a slow core leaves a thread idle. Who maps what
 * never shows in the result: chunks merge along the tree.
 */
import { type Forest, type Merge, mergeForests } from "../statistics/merge-tree.ts";
import type { TaskReport } from "./measure.ts";
import { buffersOf, type TaskAnswer, type TaskRequest } from "./task.ts";

/** Threads that map chunks: workers, or this thread alone. */
export interface Mappers {
  readonly size: number;
  run(thread: number, request: TaskRequest): Promise<TaskAnswer>;
}

/** Which thread mapped a unit last, by phase kind and unit: it holds the unit's rows. */
export type Affinity = Map<string, number>;

interface Chunk {
  readonly first: number;
  readonly end: number;
}

/** Chunks a thread gets in a round, about: enough to even out, few enough that messages do not show. */
const CHUNKS_PER_THREAD = 8;
/** Chunks that a thread can have of a round that is mapped while the last is concluded from: fewer than twice one, and a rest. */
const MOST_AHEAD = 3;

/** Places [first, end) in `most` chunks or some more, aligned to the merge tree, so that each answers one statistic. */
function chunksOf(first: number, end: number, most: number): Chunk[] {
  let size = 1;
  while (size * 2 * most <= end - first) size *= 2;
  const chunks: Chunk[] = [];
  for (let from = first; from < end; ) {
    const to = Math.min(end, (Math.floor(from / size) + 1) * size);
    chunks.push({ first: from, end: to });
    from = to;
  }
  return chunks;
}

/** Maps the places of the request and answers their forest with what the threads reported. What arrives early merges while the rest is mapped. */
export async function mapPlaces(
  mappers: Mappers,
  request: TaskRequest,
  affinity: Affinity,
  merge: Merge<unknown>,
): Promise<{ forest: Forest<unknown>; reports: TaskReport[] }> {
  if (request.anyOrder) return mapRanges(mappers, request, affinity, merge);
  // While this thread concludes from the last round it gives out nothing: threads are given all that they are to map, in few pieces.
  const [perThread, underWay] = request.ahead ? [1, MOST_AHEAD] : [CHUNKS_PER_THREAD, 1];
  const queues = queuesOf(chunksOf(request.first, request.end, mappers.size * perThread), request, mappers.size, affinity);
  let forest: Forest<unknown> = [];
  const reports: TaskReport[] = [];
  const work = async (thread: number): Promise<void> => {
    const chunk = nextChunk(queues, thread);
    if (chunk === undefined) return;
    const answer = await mappers.run(thread, { ...request, ...chunk });
    // The thread goes on while this one merges.
    const rest = work(thread);
    rest.catch(() => {});
    for (let place = chunk.first; place < chunk.end; place++) affinity.set(affinityKey(request, place), thread);
    forest = mergeForests([forest, answer.forest], merge);
    reports.push(answer.report);
    await rest;
  };
  await Promise.all(Array.from({ length: mappers.size * underWay }, (_, i) => work(i % mappers.size)));
  return { forest, reports };
}

/**
 * One range a thread, the same in every round with as many places: carries stay where they are, and a thread sends one statistic. The
 * forest's only leaf stands for the request.
 */
async function mapRanges(
  mappers: Mappers,
  request: TaskRequest,
  affinity: Affinity,
  merge: Merge<unknown>,
): Promise<{ forest: Forest<unknown>; reports: TaskReport[] }> {
  const places = request.end - request.first;
  const threads = Math.min(mappers.size, places);
  const edge = (thread: number): number => request.first + Math.floor((thread * places) / threads);
  const range = (thread: number) => mappers.run(thread, { ...request, first: edge(thread), end: edge(thread + 1) });
  const answers = await Promise.all(Array.from({ length: threads }, (_, thread) => range(thread)));
  for (let thread = 0; thread < threads; thread++) {
    for (let place = edge(thread); place < edge(thread + 1); place++) affinity.set(affinityKey(request, place), thread);
  }
  const [statistic, ...others] = answers.map(({ forest }) => forest[0].statistic);
  for (const other of others) {
    merge(statistic, other);
    drop(other, statistic);
  }
  return { forest: addressed(statistic, 0), reports: answers.map(({ report }) => report) };
}

/** Gives back memory that was given to this thread, unless the statistic has become part of another: collections would come too late. */
function drop(statistic: unknown, other: unknown): void {
  const kept = new Set(buffersOf(other));
  for (const buffer of buffersOf(statistic)) if (!kept.has(buffer) && !buffer.detached) buffer.transfer(0);
}

/** The statistic as the leaf of that number. */
export const addressed = (statistic: unknown, leaf: number): Forest<unknown> => [{ level: 0, index: leaf, statistic }];

const affinityKey = (request: TaskRequest, place: number): string =>
  `${request.run} ${request.phase === "load" ? "cut" : "part"} ${request.units[place]}`;

/** Chunks by the thread that last mapped their first place; new ones in contiguous shares. */
function queuesOf(chunks: readonly Chunk[], request: TaskRequest, threads: number, affinity: Affinity): Chunk[][] {
  const queues = Array.from({ length: threads }, (): Chunk[] => []);
  chunks.forEach((chunk, c) => {
    queues[affinity.get(affinityKey(request, chunk.first)) ?? Math.floor((c * threads) / chunks.length)].push(chunk);
  });
  return queues;
}

/** The thread's own next chunk, else the last one of the longest queue. */
function nextChunk(queues: readonly Chunk[][], thread: number): Chunk | undefined {
  const own = queues[thread].shift();
  if (own !== undefined) return own;
  return queues.reduce((longest, queue) => (queue.length > longest.length ? queue : longest)).pop();
}
