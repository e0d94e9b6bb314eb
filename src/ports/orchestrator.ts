/** What drives a state machine, here or on AWS, and what it drives. */

export type FunctionName = "planner" | "mapper" | "reducer" | "publisher";

/**
 * Calls a function with a JSON value and answers one. Mappers are deployed as numbered slots, so that a part comes back to the function
 * that holds it; every other function has slot 0. Rejects with the function's own error, or with the signal's reason before it has started.
 */
export type Invoke = (name: FunctionName, payload: unknown, slot: number, signal?: AbortSignal) => Promise<unknown>;

/** A state machine in the Amazon States Language, JSONPath. */
export interface Asl {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, AslState>>;
}

export interface AslState {
  readonly Type: "Task" | "Map" | "Choice" | "Pass" | "Succeed" | "Fail";
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly TimeoutSeconds?: number;
  readonly Choices?: readonly AslRule[];
  readonly Retry?: readonly AslRetrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly ResultPath: string; readonly Next: string }[];
  readonly ItemProcessor?: Asl;
  readonly [field: string]: unknown;
}

interface AslRule {
  readonly Next?: string;
  readonly [field: string]: unknown;
}

export interface AslRetrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: "FULL";
}

/** One execution of a machine. */
export interface Execution {
  readonly name: string;
  readonly input: unknown;
  /** Ends the execution early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of every state as it is entered; for progress. */
  readonly onState?: (state: string, input: unknown) => void;
}
