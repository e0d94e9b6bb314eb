/** The least that a run needs of the machine and its interpreter: one function that holds everything. */
import { inlineFunctions } from "../../../src/adapters/local/functions.ts";
import { LOCAL_FUNCTIONS, runMachine } from "../../../src/adapters/local/orchestrator.ts";
import { groupMachine } from "../../../src/workflow/group.ts";
import { trainingMachine } from "../../../src/workflow/machine.ts";

const begin = performance.now();
const answer = (next: string) => async () => ({
  run: "r1",
  generation: 0,
  round: 0,
  groups: [],
  groupsAtOnce: 1,
  bundle: "b",
  events: 0,
  next,
});
const create = () => ({
  planner: answer("fused"),
  mapper: answer("publish"),
  reducer: answer("publish"),
  publisher: async () => "published",
});
const output = await runMachine({
  machine: trainingMachine(LOCAL_FUNCTIONS),
  child: groupMachine(LOCAL_FUNCTIONS),
  invoke: inlineFunctions({ count: 1, create }).invoke,
  execution: { name: "r1", input: { run: "r1", generation: 0 } },
  startTime: new Date().toISOString(),
});
console.log(JSON.stringify({ output, millis: performance.now() - begin }));
