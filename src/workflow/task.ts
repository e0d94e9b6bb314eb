/** How the machine calls a function, and what it tries again. */
import type { AslRetrier, AslState } from "../ports/orchestrator.ts";

/** Names or ARNs of what the machines call. `mapper` is a prefix: slot 7 is `<mapper>-7`. */
export interface Functions {
  readonly planner: string;
  readonly mapper: string;
  /** The mapper's bundle with up to 15 minutes, for fused rounds. */
  readonly fused: string;
  /** The reducer's bundle with the time that a child leaves it. */
  readonly combiner: string;
  readonly reducer: string;
  readonly publisher: string;
  /** The child machine. */
  readonly group: string;
}

/** Over within seconds: throttling (Lambda grows by 1,000 environments in 10 s), a lost connection. */
const transient = [
  "Lambda.TooManyRequestsException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.ClientExecutionTimeoutException",
  "TransientError",
];
/** An environment that died; the next try goes to another one, so it costs its wait. */
const crash = ["Runtime.ExitError", "Lambda.Unknown"];
/** What takes its whole time before it fails, or is likely to fail again. */
const slow = ["Sandbox.Timedout", "Runtime.OutOfMemory", "States.Timeout"];

/** Errors that are tried again, by a task and then by its group. Any other ends the run: InputError, NumericError, BudgetError, CodeChanged. */
export const RETRIED: readonly string[] = [...transient, ...crash, ...slow];

const retrier = (ErrorEquals: readonly string[], MaxAttempts: number, MaxDelaySeconds: number, BackoffRate = 2): AslRetrier => ({
  ErrorEquals,
  IntervalSeconds: 1,
  BackoffRate,
  MaxAttempts,
  MaxDelaySeconds,
  JitterStrategy: "FULL",
});

/**
 * `task` and `combine` have to fit a child's five minutes together. Of mappers of which 70 % are killed, one in 430 dies 17 times (0.7^17);
 * so 32 of them need a second start of their group in 7 of 100 rounds, and the third fails in 4 of 10,000.
 */
const retries = {
  task: [retrier(transient, 5, 6), retrier(crash, 16, 2, 1), retrier(slow, 2, 2)],
  combine: [retrier(transient, 5, 6), retrier(crash, 5, 2, 1), retrier(slow, 2, 2)],
  patient: [retrier(transient, 8, 20), retrier(crash, 8, 20), retrier(slow, 2, 5)],
};

/** For calls of a service, whose errors are its own: throttling and outages. */
export const patientService = { ...retrier(["States.ALL"], 8, 60), IntervalSeconds: 2 };
/** The same for an Express execution, which has five minutes. */
export const briefService = retrier(["States.ALL"], 5, 10);

/** Fields of a payload that are taken over from the state. */
export function fields(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${name}.$`, `$.${name}`]));
}

/** A task that gives a function a payload and puts the function's answer in place of the state. */
export function call(functionName: string, payload: object, seconds: number, patience: keyof typeof retries, then: object): AslState {
  const name = functionName.startsWith("States.") ? { "FunctionName.$": functionName } : { FunctionName: functionName };
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { ...name, Payload: payload },
    ResultSelector: { "v.$": "$.Payload" },
    OutputPath: "$.v",
    TimeoutSeconds: seconds,
    Retry: retries[patience],
    ...then,
  };
}
