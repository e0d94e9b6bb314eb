/** Publishes the model of a finished run, records why a run failed, or settles one that was stopped. */

import { openRun } from "../src/rounds/open-run.ts";
import { updateAnew } from "../src/rounds/planning/update-anew.ts";
import { publishModel } from "../src/rounds/publishing/publish.ts";
import { publishScores } from "../src/rounds/publishing/publish-scores.ts";
import { publishUpdate } from "../src/rounds/publishing/publish-update.ts";
import { recordFailure, settleRun } from "../src/rounds/settle.ts";
import type { FailRequest, PublishRequest, SettleRequest } from "../src/workflow/state.ts";
import type { Host } from "./host.ts";

export async function publisher(request: PublishRequest | FailRequest | SettleRequest, host: Host): Promise<unknown> {
  if (request.verb === "fail") return recordFailure(host, request);
  if (request.verb === "settle") return settleRun(host, request);
  const context = await openRun(host.store, request.run, request.bundle);
  if (context.plan.score !== undefined) return publishScores(host, context);
  if (context.plan.update === undefined) return publishModel(host.store, host.outputs, context);
  return (await publishUpdate(host, context)) ?? updateAnew(host, context.plan, request.events ?? 0);
}
