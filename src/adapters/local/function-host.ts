import type { FunctionHost } from "../../ports/function-host.ts";

/** A function on this machine: nobody stops it. */
export function localHost({ memoryBytes, threads }: { memoryBytes: number; threads: number }): FunctionHost {
  return { memoryBytes, threads, remainingMillis: () => Number.POSITIVE_INFINITY, nowMillis: () => performance.now() };
}
