/** The process that `killedRun` starts. */
import { readFileSync } from "node:fs";
import { killAfter, type Life } from "../faults/stores.ts";
import { runPlan } from "./engine.ts";
import type { KillScript } from "./kill.ts";
import { slowClock } from "./same-jobs.ts";

const { plan, root, functions, write, moment } = JSON.parse(process.argv[2]) as KillScript;
const life: Life = { writes: 0, dead: false };
await runPlan(JSON.parse(readFileSync(plan, "utf8")), {
  root,
  functions,
  nowMillis: slowClock(),
  wrap: (store) => killAfter(store, write, moment, () => process.kill(process.pid, "SIGKILL"), life),
});
