import { expect, it } from "vitest";
import { jobFromOptions } from "../../src/job/read.ts";
import type { Forecast } from "../../src/plan/forecast.ts";
import { type Memory, NO_TRAINING } from "../../src/plan/memory.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planReport } from "../../src/report/plan.ts";

const { job } = jobFromOptions({ paths: ["a.csv"], label: "y", model: "linearRegression" });

const plan: Plan = {
  run: "a-1",
  bundle: "source",
  job,
  source: {
    format: "csv",
    columns: [
      { name: "x", index: 0, type: "number" },
      { name: "kind", index: 1, type: "string" },
      { name: "y", index: 2, type: "number" },
    ],
    fixed: {},
    cuts: [
      {
        format: "csv",
        number: 0,
        pieces: [{ key: "a.csv", size: 2_048, etag: "1", startByte: 0, endByte: 2_048, gzip: false }],
        bytes: 2_048,
      },
    ],
    testFromCut: null,
    bytes: 2_048,
  },
  fingerprint: "00",
  partRows: 131_072,
  functions: { count: 2, fused: false, slots: 2, threads: 1, memoryBytes: 2 ** 30 },
  memory: {
    neededBytes: 300 * 2 ** 20,
    allowedBytes: 2 ** 30,
    cacheBytes: 0,
    statisticBytes: 0,
    ranges: 1,
    sizes: { training: NO_TRAINING } as Memory["sizes"],
    items: [
      { what: "the program", bytes: 300 * 2 ** 20 },
      { what: "what is not there", bytes: 0 },
    ],
  },
};

const told: Forecast = {
  rounds: { load: 1, fit: 1, train: 1, evaluate: 1 },
  candidates: 1,
  seconds: 0.3,
  workSeconds: 0.1,
  betweenSeconds: 0.2,
  spread: { functions: plan.functions, tasks: 2, groups: 1, statisticBytes: 224 },
  datasetBytes: 2_400,
  readAgainBytes: 0,
};

it("tells data, columns, rounds, time and memory before anything runs", () => {
  expect(planReport({ plan, rows: 100, parts: 1, columns: 4, loaded: false, forecast: told, bill: null }).split("\n")).toEqual([
    "a: linearRegression of y",
    "",
    "data      1 file, 2.00 KiB of csv; about 100 rows of 3 columns",
    "columns   2 number: x, y",
    "          1 string: kind",
    "encoded   about 4 columns",
    "parts     about 1, read in 1 cut",
    "runs on   2 functions with 1 thread each",
    "trains    one model",
    "rounds    about 4: load 1, fit 1, train 1, evaluate 1",
    "time      about 0.300 s, give or take a factor of two (from throughput measured on another machine)",
    "memory    300 MiB needed of 1.00 GiB allowed a function",
    "            the program  300 MiB",
  ]);
});

it("tells the classes of the label, as far as they are known", () => {
  const classesTold = (format: "csv" | "parquet", classes: number): string[] => {
    const sizes = { training: { ...NO_TRAINING, classes } } as Memory["sizes"];
    const planned: Plan = { ...plan, source: { ...plan.source, format }, memory: { ...plan.memory, sizes } };
    const lines = planReport({ plan: planned, rows: 100, parts: 1, columns: 4, loaded: false, forecast: told, bill: null }).split("\n");
    return lines.filter((line) => line.startsWith("classes"));
  };
  expect(classesTold("csv", 3)).toEqual(["classes   about 3, from a sample"]);
  expect(classesTold("parquet", 2)).toEqual([expect.stringMatching(/^classes {3}2 for want of a look: they are counted before training/)]);
  expect(classesTold("csv", 1)).toEqual([]);
});

it("tells how rounds are spread on AWS, what happens between them, and dollars", () => {
  const bill = { functions: 0.0044, machine: 0.00022, storage: 0.0027, total: 0.00732 };
  const lines = planReport({ plan, rows: 100, parts: 1, columns: 4, loaded: false, forecast: told, bill }).split("\n");
  expect(lines).toContain("          a round is 2 tasks in 1 group, which goes on from round to round by itself");
  expect(lines).toContain("time      about 0.300 s from a cold start, give or take a factor of two");
  expect(lines).toContain("          0.100 s of work, 0.200 s of starts, calls and exchanges");
  expect(lines).toContain("costs     about $0.0073: functions $0.0044, state machines $0.00022, requests to storage $0.0027");
});
