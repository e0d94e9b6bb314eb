import { describe, expect, it } from "vitest";
import type { TaskReport } from "../../src/rounds/measure.ts";
import { type Affinity, type Mappers, mapPlaces } from "../../src/rounds/schedule.ts";
import type { TaskRequest } from "../../src/rounds/task.ts";
import { addLeaf, joinForests, startForest } from "../../src/statistics/merge-tree.ts";

interface Text {
  text: string;
}
/** Not associative: the brackets show the order of merging. */
const merge = (into: unknown, other: unknown): void => {
  (into as Text).text = `(${(into as Text).text} ${(other as Text).text})`;
};

/** Threads that answer the units as texts; `wait` gives the turns of the event loop that a chunk takes. */
function texts(
  size: number,
  wait: (thread: number, first: number) => number,
): Mappers & { readonly chunks: [thread: number, first: number, end: number][] } {
  const chunks: [number, number, number][] = [];
  return {
    size,
    chunks,
    run: async (thread, { units, first, end, total }) => {
      chunks.push([thread, first, end]);
      for (let turn = wait(thread, first); turn > 0; turn--) await new Promise(setImmediate);
      const forest = startForest<unknown>(total);
      for (let place = first; place < end; place++) addLeaf(forest, place, { text: `${units[place]}` }, merge);
      return { forest, report: {} as TaskReport };
    },
  };
}

const requestOf = (units: readonly number[], first = 0, end = units.length): TaskRequest => ({
  run: "run",
  bundle: "source",
  round: 0,
  phase: "train",
  ask: null,
  units,
  first,
  end,
  total: units.length,
});
const units = Array.from({ length: 37 }, (_, i) => 10 * i);
const textOf = (forest: Parameters<typeof joinForests<unknown>>[0][number]): string => (joinForests([forest], 37, merge) as Text).text;

describe("mapPlaces", () => {
  it("merges in one order, whichever threads map and whichever end first", async () => {
    const alone = textOf(
      (
        await mapPlaces(
          texts(1, () => 0),
          requestOf(units),
          new Map(),
          merge,
        )
      ).forest,
    );
    for (const [size, wait] of [
      [2, () => 1],
      [3, (thread: number) => 5 * thread],
      [5, (_: number, first: number) => 40 - first],
      [40, (_: number, first: number) => (first * 7) % 11],
    ] as const) {
      const { forest, reports } = await mapPlaces(texts(size, wait), requestOf(units), new Map(), merge);
      expect(textOf(forest)).toBe(alone);
      expect(reports.length).toBeGreaterThanOrEqual(Math.min(size, 37) / 2);
    }
  });

  it("maps its own places only, each once", async () => {
    const mappers = texts(2, () => 1);
    await mapPlaces(mappers, requestOf(units, 8, 24), new Map(), merge);
    const places = mappers.chunks.flatMap(([, first, end]) => Array.from({ length: end - first }, (_, i) => first + i));
    expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => 8 + i));
  });

  it("gives a thread the units that it mapped before", async () => {
    const affinity: Affinity = new Map();
    const [before, after] = [texts(2, () => 1), texts(2, () => 1)];
    await mapPlaces(before, requestOf(units), affinity, merge);
    await mapPlaces(after, requestOf(units), affinity, merge);
    const threadOf = (chunks: typeof before.chunks) => new Map(chunks.map(([thread, first]) => [first, thread]));
    expect(threadOf(after.chunks)).toEqual(threadOf(before.chunks));
  });

  it("lets an idle thread take from one that is slow", async () => {
    const mappers = texts(2, (thread) => (thread === 0 ? 60 : 0));
    await mapPlaces(mappers, requestOf(units), new Map(), merge);
    const byThread = [0, 1].map((thread) => mappers.chunks.filter(([by]) => by === thread).length);
    expect(byThread[1]).toBeGreaterThan(3 * byThread[0]);
  });

  it("asks a thread for its next chunk before it merges what the thread answered", async () => {
    const events: string[] = [];
    const inner = texts(1, () => 1);
    const run: Mappers["run"] = async (thread, chunk) => {
      events.push("asked");
      return inner.run(thread, chunk);
    };
    const noted = (into: unknown, other: unknown): void => {
      events.push("merged");
      merge(into, other);
    };
    await mapPlaces({ size: 1, run }, requestOf([1, 2, 3]), new Map(), noted);
    expect(events).toEqual(["asked", "asked", "asked", "merged"]);
  });

  it("ends with the error of a thread", async () => {
    const mappers: Mappers = { size: 2, run: async () => Promise.reject(new Error("a thread broke")) };
    await expect(mapPlaces(mappers, requestOf(units), new Map(), merge)).rejects.toThrow("a thread broke");
  });
});
