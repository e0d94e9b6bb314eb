/** The handlers of Lambda: each takes a request as the state machine sends it, on the host of its environment, which outlives the call. */
import type { Context } from "aws-lambda";
import { callLog } from "../src/api/call-log.ts";
import { lambdaHost, withContext } from "../src/api/lambda-host.ts";
import { silent, telemetry } from "../src/api/telemetry.ts";
import { brief } from "../src/ports/brief.ts";
import type { Host } from "./host.ts";
import { mapper as map } from "./mapper.ts";
import { planner as plan } from "./planner.ts";
import { publisher as publish } from "./publisher.ts";
import { reducer as reduce } from "./reducer.ts";

const host = lambdaHost(process.env, new URL("./thread.mjs", import.meta.url));
const { stack, metrics } = host.settings;
const log = callLog(stack);
const megabytes = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
// CloudWatch reads metrics from lines of their own.
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const told = metrics ? telemetry({ stack, megabytes, dateMillis: host.dateMillis, write }) : silent;

const on =
  <Request>(handler: (request: Request, host: Host) => Promise<unknown>) =>
  async (event: Request, context: Context): Promise<unknown> => {
    const from = host.nowMillis();
    let error: Error | undefined;
    try {
      return await handler(event, { ...withContext(host, context), onRound: told.round });
    } catch (thrown) {
      error = brief(thrown) as Error;
      throw error;
    } finally {
      told.call(host.nowMillis() - from);
      log.called(event, context.awsRequestId, host.nowMillis() - from, error);
    }
  };

export const planner = on(plan);
export const mapper = on(map);
export const reducer = on(reduce);
export const publisher = on(publish);
