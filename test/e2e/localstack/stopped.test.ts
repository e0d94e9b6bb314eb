/** A run that somebody stops in the console: no state of its machine runs then, a rule settles it, and it resumes with the bytes of any other. */
import { readFileSync } from "node:fs";
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, it } from "vitest";
import { readJson } from "../../../src/ports/json.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { arrived, ended, machines, modelFiles, publishedBy, sfn, start, store } from "./deployed.ts";
import { longRun, planned } from "./long-job.ts";

it("is settled, and resumes", async () => {
  const here = await longRun("stopped", 6, scratchFolder());
  const expected = await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`));
  const input = await planned("long-stopped", "stopped", 6);
  const arn = await start(machines.training, input, "long-stopped");
  await arrived("runs/long-stopped/rounds/00002/ask");
  await sfn.send(new StopExecutionCommand({ executionArn: arn, error: "Console", cause: "stopped by hand" }));
  expect((await ended(arn)).status).toBe("ABORTED");
  await arrived("runs/long-stopped/failure.json", 60);
  const { sentence } = await readJson<{ sentence: string }>(store, "runs/long-stopped/failure.json");
  expect(sentence).toContain("steplearn resume long-stopped");
  const { rounds } = await readJson<{ rounds: number }>(store, "runs/long-stopped/state.json");
  expect(rounds).toBeLessThan(here.rounds);

  const end = await ended(await start(machines.training, input, "long-stopped-resumed"));
  expect(end.status).toBe("SUCCEEDED");
  expect(await publishedBy(end)).toEqual(expected);
});
