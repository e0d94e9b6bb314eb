/** What the state machine is told after planning and after every reduce: the next round's groups, or that the model can be published. */
import { GROUP_TASKS, GROUPS_AT_ONCE, type Group, type MachineState, nextRound } from "../workflow/state.ts";
import { taskCount } from "./distribute.ts";
import type { Ahead } from "./held.ts";
import type { RunContext } from "./run.ts";

interface Told {
  readonly generation: number;
  readonly events: number;
  /** Seconds since the child began that this reduce runs in; null outside one. */
  readonly stretchSeconds: number | null;
  /** History of an execution, and so where a new one continues; the workflow's own where left out. */
  readonly maxEvents?: number;
}

/** `ahead` is null where one function holds everything and asks by itself. */
export function nextState(
  { plan }: RunContext,
  ahead: Ahead | null,
  { generation, events, stretchSeconds, maxEvents }: Told,
): MachineState {
  const base = { run: plan.run, generation, bundle: plan.bundle, groups: [] as readonly Group[], groupsAtOnce: 1, events };
  if (ahead === null) return { ...base, round: 0, next: "fused" };
  const { round, state } = ahead;
  if (round === null) return { ...base, round: state.rounds, next: "publish" };
  const groups = groupsOf(taskCount(round.units.length, plan.functions.count), plan.functions.slots);
  const next = nextRound(groups.length, events, stretchSeconds, maxEvents);
  return {
    ...base,
    generation: next === "continue" ? generation + 1 : generation,
    round: round.number,
    groups,
    groupsAtOnce: Math.min(GROUPS_AT_ONCE, groups.length),
    next,
  };
}

/** Aligned blocks of tasks; the slots of a group follow one another. */
function groupsOf(tasks: number, slots: number): Group[] {
  return Array.from({ length: Math.ceil(tasks / GROUP_TASKS) }, (_, number) => {
    const first = number * GROUP_TASKS;
    return { number, first, last: Math.min(tasks, first + GROUP_TASKS) - 1, slotFrom: first % slots };
  });
}
