/** The handlers of Lambda: each takes a request as the state machine sends it, on the host of its environment, which outlives the call. */
import { lambdaHost, withContext } from "../src/api/lambda-host.ts";
import type { Host } from "./host.ts";
import { mapper as map } from "./mapper.ts";
import { planner as plan } from "./planner.ts";
import { publisher as publish } from "./publisher.ts";
import { reducer as reduce } from "./reducer.ts";

interface Context {
  getRemainingTimeInMillis(): number;
}

const host = lambdaHost(process.env, new URL("./thread.mjs", import.meta.url));

const on =
  <Request>(handler: (request: Request, host: Host) => Promise<unknown>) =>
  (event: Request, context: Context): Promise<unknown> =>
    handler(event, withContext(host, context));

export const planner = on(plan);
export const mapper = on(map);
export const reducer = on(reduce);
export const publisher = on(publish);
