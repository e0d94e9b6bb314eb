/** What a deployment can choose, and what it gets without choosing. */

import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Code } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import { STACK_NAME } from "../src/workflow/stack.ts";
import { MAX_EVENTS } from "../src/workflow/state.ts";

/** Functions by what they are called for; a mapper is any of the numbered slots. */
export type FunctionKind = "planner" | "mapper" | "fused" | "combiner" | "reducer" | "publisher";

export interface SteplearnProps {
  /** What the names of functions, machines and log groups begin with: 1 to 40 letters, digits and hyphens. Default: the stack's name. */
  readonly name?: string;
  /** Existing buckets that jobs may read from, whole (`bucket`) or below a prefix (`bucket/prefix/`). Nothing is ever written to them. Default: none. */
  readonly data?: readonly string[];
  /** Numbered mappers, 1 to 256. Default: 32. */
  readonly slots?: number;
  /** Megabytes of a function, 128 to 10,240; threads follow, one for each 1,769. Default: 3,008 for mappers, the most of a new account, else 1,769. */
  readonly memory?: Partial<Readonly<Record<FunctionKind, number>>>;
  /** Whether a job that fits one function runs in it without a state machine between its rounds. Default: true. */
  readonly fused?: boolean;
  /** Share of the account's free concurrency that a run may take, above 0, at most 1. Default: 0.8. */
  readonly concurrencyShare?: number;
  /** History events after which an execution continues in a new one, 100 to 20,000; AWS ends one at 25,000. Default: 20,000. */
  readonly maxEvents?: number;
  /** How long logs are kept. Default: one month. */
  readonly logRetention?: RetentionDays;
  /** How long a run can be looked at and resumed. Models, scores and loaded datasets are kept until somebody removes them. Default: 30 days. */
  readonly runRetention?: Duration;
  /**
   * Key for the bucket, the queue and the logs. A key of the same app is given the statements by which logs and events may use it; any other
   * must have them. Default: keys of S3, SQS and CloudWatch.
   */
  readonly encryptionKey?: IKey;
  /** Of the bucket; AWS removes an empty one only. Default: RETAIN. */
  readonly removalPolicy?: RemovalPolicy;
  /** Loss, time by phase, cache hits, cold starts, retries, dollars. 3 USD a month beyond the third dashboard, and 0.30 a metric for the time that it is written. Default: false. */
  readonly dashboard?: boolean;
  /** Failed executions, throttled and failing functions, objects that could not be scored. 0.10 USD each a month beyond ten. Default: false. */
  readonly alarms?: boolean;
  /** Code of the functions. Default: the bundle of this package. */
  readonly code?: Code;
}

const MEGABYTES: Readonly<Record<FunctionKind, number>> = {
  planner: 1_769,
  mapper: 3_008,
  fused: 3_008,
  combiner: 1_769,
  reducer: 1_769,
  publisher: 1_769,
};

/** Choices and defaults together, checked. */
export function chosen(props: SteplearnProps, stackName: string) {
  const all = {
    name: props.name ?? stackName,
    data: (props.data ?? []).map(bucketAndPrefix),
    slots: props.slots ?? 32,
    memory: { ...MEGABYTES, ...props.memory },
    fused: props.fused ?? true,
    concurrencyShare: props.concurrencyShare ?? 0.8,
    maxEvents: props.maxEvents ?? MAX_EVENTS,
    logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    runRetention: props.runRetention ?? Duration.days(30),
    encryptionKey: props.encryptionKey,
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    dashboard: props.dashboard ?? false,
    alarms: props.alarms ?? false,
  };
  require(STACK_NAME.test(all.name), "name must be 1 to 40 letters, digits and hyphens that begin with a letter", all.name);
  require(whole(all.slots, 1, 256), "slots must be an integer from 1 to 256", all.slots);
  require(all.concurrencyShare > 0 && all.concurrencyShare <= 1, "concurrencyShare must be above 0 and at most 1", all.concurrencyShare);
  require(whole(all.maxEvents, 100, MAX_EVENTS), `maxEvents must be an integer from 100 to ${MAX_EVENTS}`, all.maxEvents);
  for (const [kind, megabytes] of Object.entries(all.memory))
    require(whole(megabytes, 128, 10_240), `memory.${kind} must be an integer from 128 to 10240`, megabytes);
  return all;
}

export type Choices = ReturnType<typeof chosen>;

function bucketAndPrefix(path: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket, prefix] = /^(?:s3:\/\/)?([^/]*)\/?(.*)$/.exec(path) ?? [];
  require(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket), "data must name buckets as `bucket` or `bucket/prefix/`", path);
  return { bucket, prefix };
}

const whole = (value: number, from: number, to: number): boolean => Number.isInteger(value) && value >= from && value <= to;

function require(holds: boolean, rule: string, found: unknown): void {
  if (!holds) throw new Error(`${rule}, got ${found}`);
}
