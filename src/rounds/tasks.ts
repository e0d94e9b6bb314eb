/** How the units of a round are spread over tasks, and tasks over groups. The result does not depend on it: all merge along the one tree. */
import type { Plan } from "../plan/plan.ts";
import { BudgetError } from "../ports/errors.ts";
import { groupTasks, MOST_GROUPS } from "../workflow/state.ts";
import type { Round } from "./run.ts";

/** Blocks that a task takes, about: the more, the more evenly the units are spread, and the more statistics a task ships. */
const BLOCKS = 4;
/** Statistics beyond that are shipped one a task. */
const SMALL_STATISTIC_BYTES = 64 * 1_024;

type Spread = { readonly units: { readonly length: number } } & Pick<Round, "anyOrder">;
type Sizes = Pick<Plan, "functions" | "memory">;

/** Tasks of a round, and of a whole group of it. */
export function tasksOf(round: Spread, plan: Sizes): { tasks: number; inGroup: number } {
  const { slots, atOnce = slots } = plan.functions;
  const { tasks } = split(round, plan);
  return { tasks, inGroup: groupTasks(tasks, Math.min(slots, atOnce), plan.memory.statisticBytes) };
}

/** BudgetError where a round of so many units has more groups than the machine's state and history hold. */
export function checkGroups(units: number, plan: Sizes): void {
  const { tasks, inGroup } = tasksOf({ units: { length: units } }, plan);
  const groups = Math.ceil(tasks / inGroup);
  if (groups <= MOST_GROUPS) return;
  const { slots, atOnce = slots } = plan.functions;
  throw new BudgetError(
    `a round must have at most ${MOST_GROUPS} groups of tasks, got ${groups}: ${tasks} tasks, of which ${Math.min(slots, atOnce)} may run at once; let more run at once (Lambda's quota of concurrent executions, slots of the deployment), or give the functions more memory, so that each takes more`,
  );
}

/** Places [first, end) of the units that a task maps: whole blocks, each a whole subtree. */
export function placesOf(task: number, round: Spread, plan: Sizes): { first: number; end: number } {
  const { tasks, block } = split(round, plan);
  const units = round.units.length;
  const blocks = Math.ceil(units / block);
  const bound = (t: number): number => Math.min(units, Math.floor((t * blocks) / tasks) * block);
  return { first: bound(task), end: bound(task + 1) };
}

function split(
  { units: { length: units }, anyOrder = false }: Spread,
  { functions: { count }, memory }: Sizes,
): { tasks: number; block: number } {
  const most = Math.ceil(units / count);
  let block = 1;
  // Where sums are free of order a task ships one statistic, whatever its places.
  if (!anyOrder && memory.statisticBytes > SMALL_STATISTIC_BYTES) {
    while (block < most) block *= 2;
    return { tasks: Math.ceil(units / block), block };
  }
  while (block * 2 * BLOCKS <= most) block *= 2;
  // As few as need no more units each.
  return { tasks: Math.ceil(units / most), block };
}
