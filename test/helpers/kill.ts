/** Processes that die as on a machine without memory or power: by SIGKILL, in the middle of things. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface KillScript {
  /** Path of a plan. */
  readonly plan: string;
  readonly root: string;
  readonly functions: number;
  /** The write, counted from 1 over the stores of the run and of the models, right before or after which the process kills itself. */
  readonly write: number;
  readonly moment: "before" | "after";
}

const ENTRY = new URL("./killed-run.ts", import.meta.url).pathname;

/** Runs or goes on with a plan in a process of its own; answers how it ended. Rejects after half a minute. */
export async function killedRun(script: KillScript): Promise<{ code: number | null; signal: string | null }> {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(script)], { stdio: "inherit" });
  const [code, signal] = await once(child, "exit", { signal: AbortSignal.timeout(30_000) }).finally(() => child.kill("SIGKILL"));
  return { code, signal };
}
