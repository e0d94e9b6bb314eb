/** A run that somebody stops in the console: no state of its machine runs then, a rule settles it, and it resumes with the bytes of any other. */
import { readFileSync } from "node:fs";
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { readJson } from "../../../src/ports/json.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { arrived, ended, executionsOf, machines, modelFiles, publishedBy, sfn, start, steplearn, store } from "./deployed.ts";
import { longRun, planned } from "./long-job.ts";

const RUN = "one-stopped";
/** So many that the machine is stopped before they are over, however late it hears of it. */
const ITERATIONS = 60;

it("is settled, and resumes", async () => {
  const here = await longRun("stopped", ITERATIONS, scratchFolder());
  const expected = await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`));
  const arn = await start(machines.training, await planned(RUN, "stopped", ITERATIONS, 8), RUN);
  await arrived(`runs/${RUN}/rounds/00002/ask`);
  await sfn.send(new StopExecutionCommand({ executionArn: arn, error: "Console", cause: "stopped by hand" }));
  expect((await ended(arn)).status).toBe("ABORTED");
  await arrived(`runs/${RUN}/failure.json`, 60);
  const { name, sentence } = await readJson<{ name: string; sentence: string }>(store, `runs/${RUN}/failure.json`);
  expect(name).toBe("Stopped");
  expect(sentence).toContain(`steplearn resume ${RUN} --on aws`);
  const { rounds } = await readJson<{ rounds: number }>(store, `runs/${RUN}/state.json`);
  expect(rounds).toBeLessThan(here.rounds);
  expect(await steplearn("runs")).toMatch(new RegExp(`${RUN} .*Stopped`));

  await steplearn("resume", RUN, "--on", "aws", "--watch");
  const resumed = (await executionsOf(machines.training)).find((execution) => execution.name === `${RUN}-1`);
  expect(await publishedBy(await ended(resumed?.arn as string))).toEqual(expected);
});
