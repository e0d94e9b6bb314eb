import { describe, expect, it } from "vitest";
import { checkMemory, EXPLAINED_BYTES, memoryOf, NO_TRAINING, type Sizes } from "../../src/plan/memory.ts";
import { BudgetError } from "../../src/ports/errors.ts";

const MiB = 2 ** 20;
const sizes: Sizes = {
  functions: 1,
  threads: 2,
  memoryBytes: 2_048 * MiB,
  format: "csv",
  cuts: 8,
  largestCutBytes: 32 * MiB,
  readAtOnceBytes: 64 * MiB,
  rowBytes: 32,
  rowStrings: 0,
  columns: 4,
  partRows: 131_072,
  units: 8,
  training: { candidates: 3, stateBytes: 1_000, statistics: 3, statisticBytes: 2_000, keptBytes: 0, judgedBytes: 0 },
  scoredRows: 1_000_000,
  scoreBytes: 8,
};
const itemOf = (what: string, changed: Partial<Sizes> = {}): number =>
  memoryOf({ ...sizes, ...changed }).items.find((item) => item.what.startsWith(what))?.bytes ?? Number.NaN;

describe("memoryOf", () => {
  it("adds up what a function needs and leaves four fifths of the rest to the cache", () => {
    const { neededBytes, allowedBytes, cacheBytes, items } = memoryOf(sizes);
    const neededAt = (time: "load" | "rounds" | "judging"): number =>
      items.reduce((sum, { bytes, during = [time] }) => (during.includes(time) ? sum + bytes : sum), 0);
    expect(neededBytes).toBe(Math.max(neededAt("load"), neededAt("rounds"), neededAt("judging")));
    expect(neededBytes).toBeLessThan(items.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(allowedBytes).toBe(2_048 * MiB);
    expect(cacheBytes).toBe(Math.floor(0.8 * (allowedBytes - neededBytes)));
    expect(items.every(({ bytes }) => bytes >= 0 && Number.isFinite(bytes))).toBe(true);
  });

  it("counts a cut's columns three times on each thread that reads several", () => {
    // 32 MiB of rows of 32 bytes: a MiB of rows, 4 columns of 8 bytes.
    expect(itemOf("typed columns")).toBe(2 * 3 * 32 * MiB);
    const one = { cuts: 1, readAtOnceBytes: 32 * MiB };
    expect(itemOf("typed columns", one)).toBe(2 * 32 * MiB);
    expect(itemOf("typed columns", { ...one, format: "parquet" })).toBe(2 * 32 * MiB + 2 * 32 * MiB);
    expect(itemOf("typed columns", { readAtOnceBytes: 40 * MiB })).toBe(3 * 40 * MiB);
  });

  it("counts a part's columns and sides, no more rows than a cut has, and what each column costs by itself", () => {
    const column = 320 * 1_024;
    expect(itemOf("a part")).toBe(2 * 131_072 * (4 * 8 + 20));
    expect(itemOf("a part", { largestCutBytes: 3_200 })).toBe(2 * 100 * (4 * 8 + 20));
    expect(itemOf("4 columns")).toBe(2 * 4 * column);
  });

  it("names threads and candidates as many as they are", () => {
    const names = (changed: Partial<Sizes>): string[] => memoryOf({ ...sizes, ...changed }).items.map(({ what }) => what);
    expect(names({})).toEqual(expect.arrayContaining(["a part on 2 threads", "states of 3 candidates", "4 columns on 2 threads"]));
    const one = { threads: 1, columns: 1, training: { ...sizes.training, candidates: 1 } };
    expect(names(one)).toEqual(expect.arrayContaining(["a part on 1 thread", "states of 1 candidate", "1 column on 1 thread"]));
  });

  it("counts strings that differ from row to row", () => {
    expect(itemOf("strings")).toBe(0);
    expect(itemOf("strings", { rowStrings: 0.5 })).toBe(2 * 0.5 * MiB * 2_560);
  });

  it("counts statistics by thread and level of the merge tree, states twice, scores three times", () => {
    // Eight units: three levels, the one that grows, and the copies on their way.
    expect(itemOf("statistics")).toBe(2 * (3 + 3) * 3 * 2_000);
    expect(itemOf("statistics", { units: 1_000 })).toBe(2 * (10 + 3) * 3 * 2_000);
    expect(itemOf("states")).toBe(2 * 3 * 1_000);
    expect(itemOf("scores")).toBe(3 * 8 * 1_000_000);
  });

  it("counts of a scoring the model on every thread, predictions of a part, and contributions whatever the columns", () => {
    const scoring = { modelBytes: 1_000, outputs: 2, explains: true };
    const changed = { training: NO_TRAINING, scoring };
    expect(itemOf("the model", changed)).toBe(3 * 8 * 1_000);
    expect(itemOf("predictions", changed)).toBe(2 * 131_072 * 32 * 4);
    // Of many classes as many rows as take 64 MiB.
    expect(itemOf("predictions", { ...changed, scoring: { ...scoring, outputs: 4_096 } })).toBe(2 * 2_048 * 32 * 4_098);
    expect(itemOf("contributions", changed)).toBe(2 * 4 * EXPLAINED_BYTES);
    expect(itemOf("contributions", { ...changed, columns: 4_000 })).toBe(itemOf("contributions", changed));
    expect(itemOf("contributions", { training: NO_TRAINING, scoring: { ...scoring, explains: false } })).toBeNaN();
    expect(itemOf("statistics", changed)).toBe(0);
  });

  it("counts the model that a training goes on from", () => {
    expect(itemOf("the model to go on from")).toBeNaN();
    expect(itemOf("the model to go on from", { earlierBytes: 1_000 })).toBe(8_000);
  });

  it("counts predictions that each thread judges, after training", () => {
    const training = { ...sizes.training, judgedBytes: 5 * MiB };
    expect(itemOf("predictions judged")).toBeNaN();
    expect(itemOf("predictions judged", { training })).toBe(2 * 5 * MiB);
    const most = { ...training, judgedBytes: 2_000 * MiB };
    expect(() => checkMemory(memoryOf({ ...sizes, training: most }))).toThrow(/of which predictions judged on 2 threads 4000 MiB/);
  });

  it("leaves nothing to the cache where there is nothing left", () => {
    expect(memoryOf({ ...sizes, memoryBytes: MiB }).cacheBytes).toBe(0);
  });
});

describe("ranges", () => {
  const ranged = { most: 200, sumsBytes: 150 * MiB, restBytes: 10 * MiB };
  const gathered = { firstBytes: 2 * MiB, statisticBytes: 190 * MiB, parentBytes: 300 * MiB };
  const training = {
    candidates: 1,
    stateBytes: MiB,
    statistics: 1,
    statisticBytes: 190 * MiB,
    gathered,
    ranged,
    keptBytes: MiB,
    judgedBytes: 0,
  };
  const planned = (changed: Partial<Sizes>) => memoryOf({ ...sizes, largestCutBytes: MiB, readAtOnceBytes: 2 * MiB, training, ...changed });

  it("are taken where whole statistics do not fit, or are too many for one reducer", () => {
    const { neededBytes, ranges } = planned({ memoryBytes: 2 ** 40 });
    expect(ranges).toBe(1);
    expect(planned({ memoryBytes: neededBytes }).ranges).toBe(1);
    expect(planned({ memoryBytes: neededBytes - 1 }).ranges).toBeGreaterThan(1);
    expect(planned({ memoryBytes: 2 ** 40, functions: 3 }).ranges).toBeGreaterThan(1);
    expect(memoryOf({ ...sizes, memoryBytes: MiB }).ranges).toBe(1);
  });

  it("are a multiple of the threads and of a size to be held, as far as there are columns", () => {
    // 8 x 150 MiB in pieces of 64 MiB are 19; two threads of three functions have four each.
    expect(planned({ memoryBytes: 2 ** 40, functions: 3 }).ranges).toBe(24);
    expect(planned({ memoryBytes: 2 ** 40, functions: 300 }).ranges).toBe(200);
  });

  it("spare the reducer the histograms, and the answers the sums", () => {
    const [whole, cut] = [planned({ memoryBytes: 2 ** 40 }), planned({ memoryBytes: 2 ** 40, functions: 3 })];
    const of = ({ items }: typeof cut, start: string): number | undefined => items.find(({ what }) => what.startsWith(start))?.bytes;
    // Kernels, on the way to the main thread, for both threads, and once more; pieces for ranges, and on their way to the store.
    expect([of(whole, "statistics of 1"), of(whole, "statistics of nodes")]).toEqual([5 * 190 * MiB, 300 * MiB]);
    expect([of(cut, "statistics of 1"), of(cut, "statistics of nodes")]).toEqual([(6 * 150 + 5 * 10) * MiB, undefined]);
    expect(cut.items.find(({ what }) => what === "24 ranges of statistics")?.bytes).toBe(2 * ((8 * 150 * MiB) / 24));
    expect([whole.statisticBytes, cut.statisticBytes]).toEqual([190 * MiB, 10 * MiB]);
    expect(cut.neededBytes).toBeLessThan(whole.neededBytes);
  });
});

describe("checkMemory", () => {
  it("passes what fits, to the byte", () => {
    const { neededBytes } = memoryOf(sizes);
    expect(() => checkMemory(memoryOf({ ...sizes, memoryBytes: neededBytes }))).not.toThrow();
    expect(() => checkMemory(memoryOf({ ...sizes, memoryBytes: neededBytes - 1 }))).toThrow(BudgetError);
  });

  it("names what is needed, what is allowed and the largest item", () => {
    const memory = {
      neededBytes: 300 * MiB,
      allowedBytes: 256 * MiB,
      cacheBytes: 0,
      statisticBytes: 0,
      ranges: 1,
      sizes,
      items: [
        { what: "the program", bytes: 80 * MiB },
        { what: "a part on 1 thread", bytes: 220 * MiB },
      ],
    };
    expect(() => checkMemory(memory)).toThrow(
      "memory of a function must hold the plan: needed 300 MiB, allowed 256 MiB, of which a part on 1 thread 220 MiB; give it more memory",
    );
  });
});
