import { describe, expect, it } from "vitest";
import { eventsOf } from "../../src/workflow/state.ts";
import { eventsOfStates, longRun, type Ran } from "../helpers/long-run.ts";

/** All but the measured times. */
const outcome = ({ state: { history, spent: _, ...state } }: Ran) => ({
  ...state,
  rounds: history.map(({ round, loss }) => [round, loss]),
});

describe("a run of many rounds", () => {
  it("crosses continuations without loss: the same state as from one execution, every round once", async () => {
    const [whole, parts] = [await longRun({ rounds: 40, groups: 2 }), await longRun({ rounds: 40, groups: 2, maxEvents: 200 })];
    expect(whole.executions).toHaveLength(1);
    expect(parts.executions.length).toBeGreaterThan(5);
    expect(outcome(parts)).toEqual(outcome(whole));
    expect(outcome(whole).rounds.map(([round]) => round)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("makes at least three continuations of thirty rounds within 200 events", async () => {
    const { executions } = await longRun({ rounds: 30, groups: 2, maxEvents: 200 });
    expect(executions.length).toBeGreaterThan(3);
    // A round more than the budget, and the start of the next execution.
    for (const states of executions) expect(eventsOfStates(states)).toBeLessThanOrEqual(200 + eventsOf("round", 2) + 7);
  });

  it.each([2, 3, 8])("leaves 11 and 11 for each of %i groups in the history of a round", async (groups) => {
    const [four, nine] = [await longRun({ rounds: 4, groups }), await longRun({ rounds: 9, groups })];
    const perRound = (eventsOfStates(nine.executions[0]) - eventsOfStates(four.executions[0])) / 5;
    expect(perRound).toBe(11 + 11 * groups);
    expect(perRound).toBe(eventsOf("round", groups));
  });

  it("leaves 13 for each stretch of a child that is alone, however many rounds it runs", async () => {
    const [few, many] = [await longRun({ rounds: 30, groups: 1 }), await longRun({ rounds: 30, groups: 1, roundSeconds: 5 })];
    const stretches = (ran: Ran) => ran.executions[0].filter((state) => state === "Stretch").length;
    expect(stretches(few)).toBe(1);
    expect(stretches(many)).toBeGreaterThan(1);
    const perStretch = (eventsOfStates(many.executions[0]) - eventsOfStates(few.executions[0])) / (stretches(many) - 1);
    expect(perStretch).toBe(13);
    expect(perStretch).toBe(eventsOf("stretch", 1));
    expect(outcome(many)).toEqual(outcome(few));
  });
});
