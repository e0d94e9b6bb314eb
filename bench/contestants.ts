/** How steplearn and its peers are called, and what a run of each says of itself. */
import { execFileSync } from "node:child_process";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { type Measured, measure } from "./measure.ts";
import type { Clock, Peer, Row } from "./rows.ts";

export const BENCH = new URL(".", import.meta.url).pathname;
export const PYTHON = `${BENCH}.venv/bin/python`;
export const DATA = `${BENCH}data`;
const COMMAND = new URL("../dist/cli.mjs", import.meta.url).pathname;

export interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Cores that other processes used on average. */
  readonly othersCores: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number | null>>;
}

interface Trained {
  readonly phases: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<"train" | "test", Readonly<Record<string, number | null>> | null>>;
}

interface Scored {
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, number | null>>;
}

const store = `${BENCH}results/store`;
const models = `${BENCH}results/models`;
const scores = `${BENCH}results/scores`;

/** Trains what is to be scored with. Not measured. */
export async function prepare({ job, peers, scores }: Row): Promise<void> {
  if (scores !== true) return;
  await measure([process.execPath, COMMAND, "train", `${BENCH}jobs/${job}`, "--json", "--store", store]);
  for (const { measurement } of peers) await measure([PYTHON, `${BENCH}peers.py`, DATA, measurement.replace("score.", "prepare.")]);
}

/** One run of the command line, with an empty store, so that nothing is left of the run before. */
export async function runOurs(row: Row): Promise<Run> {
  await clear(store);
  return row.scores === true ? scoreOurs(row) : trainOurs(row);
}

async function scoreOurs({ job, data, clock }: Row): Promise<Run> {
  await clear(scores);
  const model = `${models}/${job.replace(".yaml", "")}`;
  const measured = await measure([
    process.execPath,
    COMMAND,
    "score",
    model,
    `${DATA}/${data}`,
    "--output",
    scores,
    "--json",
    "--store",
    store,
  ]);
  const { seconds, metrics } = JSON.parse(measured.stdout) as Scored;
  await clear(store);
  await clear(scores);
  return run(measured, clock, { score: seconds }, { auc: metrics.areaUnderROC });
}

async function trainOurs({ job, clock }: Row): Promise<Run> {
  const measured = await measure([process.execPath, COMMAND, "train", `${BENCH}jobs/${job}`, "--json", "--store", store]);
  const { phases, metrics } = JSON.parse(measured.stdout) as Trained;
  await clear(store);
  await clear(models);
  const { areaUnderROC: auc = null, rmse = null } = metrics.test ?? {};
  return run(measured, clock, phases, { auc, rmse, trainLoss: metrics.train?.logLoss ?? null });
}

export async function runPeer({ measurement, clock }: Peer): Promise<Run> {
  const script = measurement.startsWith("spark.") ? "spark.py" : "peers.py";
  settle();
  const measured = await measure([PYTHON, `${BENCH}${script}`, DATA, measurement]);
  const { phases, metrics, unseenCpuSeconds = 0 } = JSON.parse(measured.stdout.trim().split("\n").at(-1) ?? "");
  return run({ ...measured, cpuSeconds: measured.cpuSeconds + unseenCpuSeconds }, clock, phases, metrics);
}

function run({ wallSeconds, cpuSeconds, busySeconds }: Measured, clock: Clock, phases: Run["phases"], metrics: Run["metrics"]): Run {
  const counted = typeof clock === "string" ? Object.keys(phases) : clock;
  const seconds = clock === "process" ? wallSeconds : counted.reduce((sum, phase) => sum + phases[phase], 0);
  return { seconds, cpuSeconds, othersCores: Math.max(0, (busySeconds - cpuSeconds) / wallSeconds), phases, metrics };
}

async function clear(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  settle();
}

/** Pages that the run before left to be written would be written during the next. */
const settle = (): void => void execFileSync("sync");

/** Reads a folder or file once, so that all contestants find it in memory. */
export async function warm(path: string): Promise<void> {
  if (!(await stat(path)).isDirectory()) return void (await readFile(path));
  for (const name of await readdir(path)) await readFile(`${path}/${name}`);
}
