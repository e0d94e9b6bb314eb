/** What the state machine is told after planning and after every reduce: the next round's groups, or that the model can be published. */
import { GROUP_TASKS, GROUPS_AT_ONCE, type Group, type MachineState, nextRound } from "../workflow/state.ts";
import type { Ahead } from "./held.ts";
import type { RunContext } from "./run.ts";
import { tasksOf } from "./tasks.ts";

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
  const { slots, atOnce = GROUP_TASKS * GROUPS_AT_ONCE } = plan.functions;
  const { tasks, inGroup } = tasksOf(round, plan);
  const groups = groupsOf(tasks, inGroup, slots);
  const next = nextRound(groups.length, events, stretchSeconds, maxEvents);
  return {
    ...base,
    generation: next === "continue" ? generation + 1 : generation,
    round: round.number,
    groups,
    groupsAtOnce: Math.max(1, Math.min(GROUPS_AT_ONCE, groups.length, Math.floor(atOnce / inGroup))),
    next,
  };
}

/** Aligned blocks of tasks; the slots of a group follow one another. */
function groupsOf(tasks: number, size: number, slots: number): Group[] {
  const used = Math.max(size, slots - (slots % size));
  return Array.from({ length: Math.ceil(tasks / size) }, (_, number) => {
    const first = number * size;
    return { number, first, last: Math.min(tasks, first + size) - 1, slotFrom: first % used };
  });
}
