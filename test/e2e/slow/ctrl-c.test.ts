/** Ctrl-C on the command line, on small data. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import { commandLine } from "../../helpers/command-line.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

const folder = scratchFolder();
const steplearn = commandLine(folder);

/** y = 1 where x + noise > 0. */
const row = (i: number): string => {
  const [x, noise] = [1, 2].map((seed) => (hashRow(seed, i) - 2 ** 31) / 2 ** 31);
  return `id-${i},${x.toFixed(3)},${x + noise > 0 ? "yes" : "no"}`;
};

beforeAll(() => writeFile(join(folder, "rows.csv"), `id,x,y\n${Array.from({ length: 2_000 }, (_, i) => row(i)).join("\n")}\n`));

/** Its 2,000 rounds take seconds, so that the signal comes among them also where this process has to wait. */
const args = [
  ...["rows.csv", "--label", "y", "--exclude", "id", "--store", "s2", "--output", "m2"],
  ...["--model", "gradientBoostingClassifier", "--param", "trees=2000", "--param", "maxLeaves=4"],
];
const trainingRounds = (err: string): number[] =>
  [...err.matchAll(/^round ([\d,]+) · train /gm)].map(([, round]) => Number(round.replace(",", "")));

it("a training stops at Ctrl-C, says how to go on, and then ends with the bytes of a run that never stopped", async () => {
  let sent = false;
  const stopped = await steplearn(["train", ...args, "--run", "stopped"], (text, kill) => {
    if (!sent && trainingRounds(text).length > 0) {
      sent = true;
      kill("SIGINT");
    }
  });
  expect(stopped.code).toBe(130);
  expect(stopped.out).toBe("");
  expect(stopped.err).toContain("steplearn: stopped; go on with: steplearn resume stopped --store s2\n");
  const resumed = await steplearn(["resume", "stopped", "--store", "s2"]);
  expect(resumed.code).toBe(0);
  const whole = await steplearn(["train", ...args, "--run", "whole"]);
  expect(whole.code).toBe(0);
  const [before, after] = [stopped, resumed].map(({ err }) => trainingRounds(err));
  expect(before.at(-1)).toBeLessThan(trainingRounds(whole.err).at(-1) ?? 0);
  // What was trained before the signal was not trained again.
  expect(after[0]).toBe((before.at(-1) ?? 0) + 1);
  const [a, b] = await Promise.all(["stopped", "whole"].map((run) => readFile(join(folder, "m2", run, "model.json"), "utf8")));
  expect(a).toBe(b);
});
