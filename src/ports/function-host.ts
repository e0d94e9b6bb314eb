/** What a task may ask of the function it runs in: a Lambda, a thread, this process. */
export interface FunctionHost {
  /** Memory that the task and its caches may fill. */
  readonly memoryBytes: number;
  readonly threads: number;
  /** Milliseconds until the host stops the function; Infinity where it does not. */
  remainingMillis(): number;
  /** Milliseconds on a clock that only goes forward, for reports; never in a model. */
  nowMillis(): number;
}
