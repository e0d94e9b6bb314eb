/** Runs of a stack, one a line. */
import { table } from "./table.ts";
import { count, durationText } from "./text.ts";

export interface RunFacts {
  readonly run: string;
  readonly status: string;
  readonly phase: string | null;
  readonly rounds: number;
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
}

export function listing(runs: readonly RunFacts[], stack: string): string {
  if (runs.length === 0) return `stack ${stack} has trained nothing yet; start with: steplearn train job.yaml --on aws`;
  const rows = runs.map(({ run, status, phase, rounds, started, seconds }) => [
    run,
    phase === null ? status : `${status}: ${phase}`,
    count(rounds),
    `${started.slice(0, 19).replace("T", " ")} UTC`,
    durationText(seconds),
  ]);
  return table([["run", "status", "rounds", "started", "time"], ...rows], "llrlr", "").join("\n");
}
