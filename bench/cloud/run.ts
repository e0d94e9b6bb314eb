/** Prints what the engine takes on AWS by the simulation: `npm run bench:cloud`. What is simulated, and how far to trust it: bench/README.md. */

import type { Functions } from "../../src/plan/plan.ts";
import { PRICES } from "../../src/plan/prices.ts";
import { type Exchange, simulateExchange } from "./exchange.ts";
import { forecastOf } from "./forecasts.ts";
import { dollars, median, printTable, seconds, bytes as size } from "./print.ts";
import { type Simulated, simulateTraining } from "./training.ts";

const lambda = (count: number, threads: number, megabytes: number): Functions => ({
  count,
  fused: false,
  slots: 256,
  threads,
  memoryBytes: megabytes * 2 ** 20,
});

/** A thousand parts. */
const wide = { rows: 131_072_000, bytes: 131_072_000 * 230, standIn: 20_000, columns: 28, cuts: 1_000 };

await higgs();
terabyte();
await exchanges();
await rounds([10, 50, 300, 1_000]);
await orchestration([8, 40, 256]);

/** LambdaML (Jiang et al., SIGMOD 2021, table 5): logistic regression on Higgs by 10 workers in 96 s for $0.47. */
async function higgs(): Promise<void> {
  const shape = { rows: 11e6, bytes: 8.035e9, standIn: 330_000, columns: 28, cuts: 120 };
  const run = await simulateTraining(shape, lambda(10, 2, 3_008));
  const { bill } = run;
  const told = forecastOf(shape, lambda(10, 2, 3_008));
  printTable(
    "Logistic regression on the shape of Higgs: 11 M rows x 28 of CSV (8.0 GB), 10 mappers, all functions cold, to the published model",
    [["phase", "rounds", "seconds", "slowest task"], ...phasesOf(run), ["all", `${run.history.length}`, seconds(run.seconds), ""]],
    [
      `forecast: ${seconds(told.told.seconds)}, ${dollars(told.bill.total)}`,
      `${dollars(bill.total)}: functions ${dollars(bill.functions)}, machine ${dollars(bill.machine)}, storage requests ${dollars(bill.storage)}; LambdaML: 96 s, $0.47`,
    ],
  );
}

function terabyte(): void {
  const rows = [["source", "functions", "work", "between", "all", "dollars"]];
  for (const bytes of [1e9, 10e9, 100e9, 1e12]) {
    const { told, bill } = forecastOf({ rows: Math.round(bytes / 730), bytes, columns: 28 });
    const { spread, workSeconds, betweenSeconds } = told;
    rows.push([
      size(bytes),
      `${spread.functions.count}`,
      seconds(workSeconds),
      seconds(betweenSeconds),
      seconds(told.seconds),
      dollars(bill.total),
    ]);
  }
  printTable("Forecast of the same regression over CSV as wide, as the stack's planner spreads it, at most 800 functions at once", rows);
}

function phasesOf({ calls, history }: Simulated): string[][] {
  const ends = history.map(({ round }) => Math.max(...calls.filter((call) => call.round === round).map(({ to }) => to)));
  const phases = [...new Set(history.map(({ phase }) => phase))];
  return phases.map((phase) => {
    const own = history.flatMap((record, i) => (record.phase === phase ? [i] : []));
    const from = own[0] === 0 ? 0 : ends[own[0] - 1];
    const slowest = Math.max(...own.map((i) => history[i].slowestMillis / 1_000));
    return [phase, `${own.length}`, seconds(ends[own[own.length - 1]] - from), seconds(slowest)];
  });
}

async function exchanges(): Promise<void> {
  const rows = [["statistic", "mappers", "storage", "with calls", "reads", "writes"]];
  for (const statistic of [224, 12e6, 89e6]) {
    for (const mappers of [10, 50, 300]) {
      const seen: Exchange[] = [];
      for (let seed = 1; seed <= (statistic < 1_000 ? 9 : 1); seed++) seen.push(await simulateExchange(mappers, statistic, seed));
      const of = (value: (exchange: Exchange) => number): number => median(seen.map(value));
      rows.push([
        size(statistic),
        `${mappers}`,
        seconds(of(({ storageSeconds }) => storageSeconds)),
        seconds(of(({ seconds }) => seconds)),
        `${of(({ reads }) => reads)}`,
        `${of(({ writes }) => writes)}`,
      ]);
    }
  }
  printTable("One exchange on warm functions: question out, statistics in, merged, checkpointed, next question written", rows, [
    "target for 224 B: 0.25 s at 50 mappers, 0.5 s at 300",
  ]);
}

async function rounds(counts: readonly number[]): Promise<void> {
  const rows = [
    ["mappers", "tasks", "groups", "a round", "of it storage", "read", "written", "a round costs", "functions", "machine", "storage"],
  ];
  for (const count of counts) {
    const run = await simulateTraining(wide, lambda(count, 1, 1_769));
    const { calls, history } = run;
    const train = history.filter(({ phase, units }) => phase === "train" && units === wide.cuts).map(({ round }) => round);
    const ends = history.map(({ round }) => Math.max(...calls.filter((call) => call.round === round).map(({ to }) => to)));
    const own = (round: number) => calls.filter((call) => call.round === round);
    const one = train[train.length - 1];
    const waited = (verb: string) =>
      Math.max(
        0,
        ...own(one)
          .filter((call) => call.verb === verb)
          .map(({ line }) => line.waited),
      );
    const sum = (of: (call: (typeof calls)[number]) => number): number => own(one).reduce((total, call) => total + of(call), 0);
    const groups = own(one).filter(({ verb }) => verb === "combine").length;
    const share = {
      functions:
        sum(({ from, to }) => ((to - from) * 1_769) / 1_024) * PRICES.lambda.gigabyteSecond + own(one).length * PRICES.lambda.request,
      machine: machineDollars(run),
      storage: sum(({ line }) => line.reads) * PRICES.s3.get + sum(({ line }) => line.writes) * PRICES.s3.put,
    };
    rows.push([
      `${count}`,
      `${own(one).filter(({ verb }) => verb === "mapper").length}`,
      `${Math.max(1, groups)}`,
      seconds(median(train.map((round) => ends[round] - ends[round - 1]))),
      seconds(waited("mapper") + waited("combine") + waited("reduce")),
      size(sum(({ line }) => line.readBytes)),
      size(sum(({ line }) => line.writtenBytes)),
      dollars(share.functions + share.machine + share.storage),
      dollars(share.functions),
      dollars(share.machine),
      dollars(share.storage),
    ]);
  }
  printTable("Rounds of a logistic regression over 131 M rows x 28 in 1,000 parts, in the memory of the mappers", rows);
}

/** Of a round of the machine, without what planning and publishing enter. */
function machineDollars({ orchestrated, usage, history }: Simulated): number {
  const { standard, express } = PRICES;
  const transitions = (orchestrated.transitions - 3) * standard.transition;
  const children = usage.children * express.request + (usage.childSeconds / 3_600) * (64 / 1_024) * express.gigabyteHour;
  return (transitions + children) / history.length;
}

async function orchestration(counts: readonly number[]): Promise<void> {
  const rows = [["mappers", "steplearn", "inline map", "distributed map", "distributed map waits"]];
  for (const count of counts) {
    const run = await simulateTraining(
      { ...wide, cuts: count, standIn: 20 * count, rows: 131_072 * count, bytes: 131_072 * 230 * count },
      lambda(count, 1, 1_769),
    );
    const { standard, express } = PRICES;
    // The map, a task for each mapper, the reducer and the choice; of a distributed one a start and a child for each mapper.
    const inline = (count + 3) * standard.transition;
    const distributed =
      (count + 3) * standard.transition + count * express.request + count * (1 / 3_600) * (64 / 1_024) * express.gigabyteHour;
    rows.push([`${count}`, dollars(machineDollars(run)), dollars(inline), dollars(distributed), "7 s"]);
  }
  printTable("Orchestration of a round, in dollars", rows);
}
