/**
 * Seconds of the machine. A child is an Express execution, which AWS ends at five minutes: a stretch of rounds, then one round in which every
 * task and the reduce use up all their tries and waits, fit into GROUP_SECONDS. `worstSeconds` adds that up from the ASL.
 */
import type { Asl, AslRetrier, AslState } from "../ports/orchestrator.ts";

/** Five minutes less the room to start and to answer. */
export const GROUP_SECONDS = 295;
/** A child that reduces by itself starts no further round after that. The parent's half second between two stretches is 2 % of it. */
export const STRETCH_SECONDS = 25;
/** The work of a task is planned at this or less. */
export const PLANNED_TASK_SECONDS = 30;

/** How long the machine waits for each function. */
export const TASK_SECONDS = { planner: 300, mapper: 45, combiner: 23, fused: 890, reducer: 300, publisher: 300 } as const;

/** How long the door waits for a service, whose answer takes milliseconds. */
export const DOOR_SECONDS = 10;

/** How long each function may run: less than the machine waits, so that no try overlaps the one before it; 900 s is Lambda's limit. */
export const FUNCTION_SECONDS = { planner: 290, mapper: 40, combiner: 20, fused: 880, reducer: 290, publisher: 290 } as const;

/** Waits of a retrier when every jitter falls at its upper end. */
function waitSeconds(retrier: AslRetrier): number {
  let total = 0;
  let wait = retrier.IntervalSeconds;
  for (let attempt = 0; attempt < retrier.MaxAttempts; attempt++) {
    total += Math.min(wait, retrier.MaxDelaySeconds);
    wait *= retrier.BackoffRate;
  }
  return total;
}

/**
 * A try that timed out costs its whole timeout. A throttled or transient one is taken to fail at once and to cost its wait; where it does not,
 * the child may time out, and the parent starts the group again.
 */
function stateSeconds(state: AslState): number {
  if (state.Type === "Map") return worstSeconds(state.ItemProcessor as Asl);
  if (state.Type !== "Task") return 0;
  const retriers = state.Retry ?? [];
  const again = retriers
    .filter(({ ErrorEquals }) => ErrorEquals.includes("States.Timeout") || ErrorEquals.includes("States.ALL"))
    .reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
  return (1 + again) * (state.TimeoutSeconds as number) + retriers.reduce((sum, retrier) => sum + waitSeconds(retrier), 0);
}

/** Seconds of the slowest way through a machine that enters no state twice; the items of a map run at once. */
export function worstSeconds(machine: Asl): number {
  const from = (name: string, seen: readonly string[]): number => {
    const state = machine.States[name];
    const ruled = [...(state.Choices ?? []), ...(state.Catch ?? [])].map((rule) => rule.Next);
    const nexts = [state.Next, state.Default, ...ruled];
    const ways = nexts.filter((next) => next !== undefined && next !== name && !seen.includes(next)) as string[];
    return stateSeconds(state) + Math.max(0, ...ways.map((next) => from(next, [...seen, name])));
  };
  return from(machine.StartAt, []);
}
