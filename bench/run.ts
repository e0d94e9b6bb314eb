/**
 * Measures steplearn beside its peers: `npm run bench`, or `node bench/run.ts load churn --repeats 5`. What is measured and how: README.md.
 */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { BENCH, DATA, PYTHON, prepare, type Run, runOurs, runPeer, warm } from "./contestants.ts";
import { machine, untilQuiet } from "./measure.ts";
import { type Result, resultText } from "./report.ts";
import { type Row, rows } from "./rows.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "3" },
    patience: { type: "string", default: "60" },
    spark: { type: "boolean", default: false },
  },
});

/** Repeat by repeat ours and each peer in turn, so that what changes on the machine meets all of them. */
async function compare(row: Row, repeats: number, patienceSeconds: number, withSpark: boolean): Promise<Result> {
  await prepare(row);
  await warm(`${DATA}/${row.data}`);
  const ours: Run[] = [];
  const peers = row.peers
    .filter(({ measurement }) => withSpark || !measurement.startsWith("spark."))
    .map((peer) => ({ peer, runs: [] as Run[] }));
  for (let repeat = 0; repeat < repeats; repeat++) {
    await untilQuiet(patienceSeconds);
    ours.push(await runOurs(row));
    for (const { peer, runs } of peers) {
      // Spark takes minutes, and its ratios are not close.
      if (repeat > 0 && peer.measurement.startsWith("spark.")) continue;
      await untilQuiet(patienceSeconds);
      runs.push(await runPeer(peer));
    }
  }
  return { row, ours, peers };
}

function chosenRows(names: readonly string[]): readonly Row[] {
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) throw new Error(`rows must be of ${rows.map(({ name }) => name).join(", ")}, got ${unknown}`);
  return names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name));
}

function wholeNumber(name: "repeats" | "patience", least: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < least) throw new Error(`--${name} must be a whole number >= ${least}, got ${values[name]}`);
  return value;
}

try {
  const [chosen, repeats, patience] = [chosenRows(positionals), wholeNumber("repeats", 1), wholeNumber("patience", 0)];
  if (!existsSync(PYTHON) || !existsSync(`${DATA}/tiny.csv`))
    throw new Error("peers and data must be there, got none: run node bench/setup.ts (2 GB)");
  console.log(`${machine()}; ${repeats} repeats\n`);
  const results: Result[] = [];
  for (const row of chosen) {
    const result = await compare(row, repeats, patience, values.spark);
    results.push(result);
    console.log(resultText(result));
  }
  await mkdir(`${BENCH}results`, { recursive: true });
  await writeFile(
    `${BENCH}results/latest.json`,
    `${JSON.stringify({ machine: machine(), date: new Date().toISOString(), results }, null, 1)}\n`,
  );
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
