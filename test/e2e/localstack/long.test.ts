/** More rounds than the history of one execution may hold: it goes on in new ones, with the bytes of a run on this machine. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { eventsOf } from "../../../src/workflow/state.ts";
import { scratchFolder } from "../../helpers/scratch.ts";
import { ended, history, machines, modelFiles, publishedBy, start } from "./deployed.ts";
import { longRun, planned } from "./long-job.ts";

/** Of an execution's history, as the stack of these tests is deployed. */
const BUDGET = 200;

it("goes on in new executions before a history is full, and loses nothing", async () => {
  const here = await longRun("continued", 26, scratchFolder());
  const expected = await modelFiles(async (file) => readFileSync(`${here.folder}/${file}`));
  expect(here.rounds).toBeGreaterThanOrEqual(30);
  const end = await ended(await start(machines.training, await planned("long-continued", "continued", 26), "long-continued"));
  expect(end.status).toBe("SUCCEEDED");
  expect(await publishedBy(end)).toEqual(expected);

  expect(end.executions.length - 1).toBeGreaterThanOrEqual(3);
  for (const [generation, execution] of end.executions.entries()) {
    const events = await history(execution);
    const entered = (name: string) => events.filter((event) => event.stateEnteredEventDetails?.name === name).length;
    const [two, single] = [entered("Reduce"), entered("Stretch")];
    // The last one publishes, the others start the next and pass its name on.
    const ending = (generation === end.executions.length - 1 ? 5 : 5 + 2) + 1;
    const designed = eventsOf("plan", 0) + two * eventsOf("round", 2) + single * eventsOf("stretch", 1) + ending;
    console.log(`two groups: ${events.length} events for ${two} rounds, ${single} stretches of one group beside; by design ${designed}`);
    expect(events.length).toBe(designed);
    expect(events.length).toBeLessThanOrEqual(BUDGET + eventsOf("round", 2) + ending);
  }
  console.log(`${here.rounds} rounds in ${end.executions.length} executions`);
});
