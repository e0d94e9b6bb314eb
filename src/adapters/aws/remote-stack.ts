/** A deployed stack as seen from any machine with credentials: its bucket and its machines, found by its name. */
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { InputError, NotFoundError } from "../../ports/errors.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import { transport } from "./clients.ts";
import { type Executions, executionsOf } from "./executions.ts";
import { s3Bucket, s3Root } from "./s3-store.ts";
import { asked } from "./service-errors.ts";

/** What the names of the stack's parts are, as `workflow/stack.ts` has them. */
export interface StackNames {
  readonly planner: string;
  readonly training: string;
}

export interface RemoteStack {
  /** Environment of the planner, which holds the stack's settings. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Runs and datasets. */
  readonly store: ObjectStore;
  readonly root: ObjectStore;
  /** Of the training machine. */
  readonly executions: Executions;
}

/** InputError where there is no such stack in the region of the credentials. */
export async function remoteStack(stack: string, names: StackNames, bucketVariable: string): Promise<RemoteStack> {
  const lambda = new LambdaClient({ ...transport });
  const region = await lambda.config.region().catch((error: Error) => Promise.reject(noRegion(error)));
  const found = await asked(
    "lambda:GetFunctionConfiguration",
    names.planner,
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: names.planner })),
  ).catch((error) => {
    if (!(error instanceof NotFoundError)) throw error;
    throw new InputError(
      `stack ${stack} must be deployed in ${region}, got no function ${names.planner} there; deploy it, or name another with --stack or AWS_REGION`,
      {
        cause: error,
      },
    );
  });
  const environment = found.Environment?.Variables ?? {};
  const bucket = environment[bucketVariable];
  // arn:aws:lambda:<region>:<account>:function:<name>
  const [, partition, , , account] = (found.FunctionArn ?? "").split(":");
  if (bucket === undefined || account === undefined)
    throw new InputError(`${names.planner} must be a function of a steplearn stack, got one without ${bucketVariable}`);
  const states = `arn:${partition}:states:${region}:${account}`;
  return {
    environment,
    store: s3Bucket(bucket),
    root: s3Root(),
    executions: executionsOf(new SFNClient({ ...transport }), states, names.training),
  };
}

const noRegion = (error: Error): InputError =>
  new InputError("the AWS region must be known, got none; set AWS_REGION or a profile that has one", { cause: error });
