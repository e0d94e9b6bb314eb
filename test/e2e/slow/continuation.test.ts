import { expect, it } from "vitest";
import { MAX_EVENTS } from "../../../src/workflow/state.ts";
import { eventsOfStates, longRun } from "../../helpers/long-run.ts";

it("3,000 rounds of two groups cross continuations without loss, each within its history", async () => {
  const parts = await longRun({ rounds: 3_000, groups: 2 });
  const whole = await longRun({ rounds: 3_000, groups: 2, maxEvents: Number.POSITIVE_INFINITY });
  const events = parts.executions.map(eventsOfStates);
  console.log(`3,000 rounds in ${events.length} executions of ${events.join(", ")} events; design: 11 + 11 x 2 a round`);
  expect(events.length).toBeGreaterThanOrEqual(5);
  expect(Math.max(...events)).toBeLessThan(MAX_EVENTS + 100);
  expect(whole.executions).toHaveLength(1);
  expect(parts.state.candidates).toEqual(whole.state.candidates);
  expect(parts.state.history.map(({ round }) => round)).toEqual(Array.from({ length: 3_000 }, (_, i) => i));
});
