/** Publishes the model of a finished run, or records why a run failed. */

import { writeJson } from "../src/ports/json.ts";
import { openRun } from "../src/rounds/open-run.ts";
import { publishModel } from "../src/rounds/publish.ts";
import { publishScores } from "../src/rounds/publish-scores.ts";
import { publishUpdate } from "../src/rounds/publish-update.ts";
import { remedyOf } from "../src/rounds/remedy.ts";
import { updateAnew } from "../src/rounds/update-anew.ts";
import { reasonOf } from "../src/workflow/failure.ts";
import type { FailAnswer, FailRequest, PublishRequest } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function publisher(request: PublishRequest | FailRequest, host: Host): Promise<unknown> {
  if (request.verb === "publish") {
    const context = await openRun(host.store, request.run, request.bundle);
    if (context.plan.score !== undefined) return publishScores(host, context);
    if (context.plan.update === undefined) return publishModel(host.store, host.outputs, context);
    return (await publishUpdate(host, context)) ?? updateAnew(host, context.plan, request.events ?? 0);
  }
  const { error, ...state } = request.state;
  const name = error.Error;
  const run = state.run ?? request.execution;
  const sentence = `${reasonOf(error)}; once that is mended ${await remedyOf(host.store, state)}`;
  await writeJson(host.store, `runs/${run}/failure.json`, { name, sentence });
  return { name, sentence } satisfies FailAnswer;
}
