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

const transient = [
  "Lambda.TooManyRequestsException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.ClientExecutionTimeoutException",
  "TransientError",
];
const crash = ["Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory", "States.Timeout"];

const retrier = (ErrorEquals: readonly string[], MaxAttempts: number, MaxDelaySeconds: number): AslRetrier => ({
  ErrorEquals,
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts,
  MaxDelaySeconds,
  JitterStrategy: "FULL",
});

/**
 * Errors by name; any other ends the run, so InputError, NumericError, BudgetError and CodeChanged are never tried again. Lambda grows by
 * 1,000 environments in 10 s, so throttling passes within seconds. `brief` has to fit a child's five minutes.
 */
const retries = {
  brief: [retrier(transient, 5, 6), retrier(crash, 2, 2)],
  patient: [retrier(transient, 8, 20), retrier(crash, 2, 5)],
};

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
