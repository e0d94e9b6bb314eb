/** Executions of one machine. */
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { ConflictError, NotFoundError } from "../../ports/errors.ts";
import { asked } from "./service-errors.ts";

export interface ListedExecution {
  readonly name: string;
  /** RUNNING, SUCCEEDED, FAILED, ABORTED, TIMED_OUT. */
  readonly status: string;
  readonly startMillis: number;
  /** Null while it runs. */
  readonly stopMillis: number | null;
}

export interface DescribedExecution extends ListedExecution {
  /** Of one that succeeded. */
  readonly output: unknown;
  /** Of one that did not. */
  readonly error: string;
  readonly cause: string;
}

export interface Executions {
  /** ConflictError when the name is taken. */
  start(name: string, input: unknown): Promise<void>;
  /** Null where there is none of that name. */
  describe(name: string): Promise<DescribedExecution | null>;
  /** The latest, newest first. */
  list(count: number): Promise<ListedExecution[]>;
  /** NotFoundError where there is none of that name. */
  stop(name: string, cause: string): Promise<void>;
  /** Where a person can look at it. */
  consoleUrl(name: string): string;
}

/** `states` begins the ARNs: `arn:aws:states:region:account`. */
export function executionsOf(client: SFNClient, states: string, machine: string): Executions {
  const stateMachineArn = `${states}:stateMachine:${machine}`;
  const arnOf = (name: string): string => `${states}:execution:${machine}:${name}`;
  const region = states.split(":")[3];
  return {
    async start(name, input) {
      const request = client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      await asked("states:StartExecution", machine, request).catch((error) => {
        throw error.name === "ExecutionAlreadyExists" ? new ConflictError(`execution ${name} must be a new one`, { cause: error }) : error;
      });
    },
    async describe(name) {
      try {
        const request = client.send(new DescribeExecutionCommand({ executionArn: arnOf(name) }));
        const { output, error = "", cause = "", ...rest } = await asked("states:DescribeExecution", `execution ${name}`, request);
        return { ...listed({ ...rest, name }), output: output === undefined ? null : JSON.parse(output), error, cause };
      } catch (error) {
        if (error instanceof NotFoundError) return null;
        throw error;
      }
    },
    async list(count) {
      const found: ListedExecution[] = [];
      let nextToken: string | undefined;
      do {
        const request = client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: Math.min(count, 1_000), nextToken }));
        const page = await asked("states:ListExecutions", machine, request);
        for (const execution of page.executions ?? []) found.push(listed(execution));
        nextToken = page.nextToken;
      } while (nextToken !== undefined && found.length < count);
      return found.sort((a, b) => b.startMillis - a.startMillis).slice(0, count);
    },
    async stop(name, cause) {
      const request = client.send(new StopExecutionCommand({ executionArn: arnOf(name), error: "Stopped", cause }));
      await asked("states:StopExecution", `execution ${name}`, request);
    },
    consoleUrl: (name) => `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arnOf(name)}`,
  };
}

function listed({
  name = "",
  status = "",
  startDate,
  stopDate,
}: {
  name?: string;
  status?: string;
  startDate?: Date;
  stopDate?: Date;
}): ListedExecution {
  return { name, status, startMillis: startDate?.getTime() ?? 0, stopMillis: status === "RUNNING" ? null : (stopDate?.getTime() ?? null) };
}
