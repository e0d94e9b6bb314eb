import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import type { Asl, AslState } from "../../src/ports/orchestrator.ts";
import { doorMachine } from "../../src/workflow/door.ts";
import { groupMachine } from "../../src/workflow/group.ts";
import { scoringMachine, trainingMachine, updateMachine } from "../../src/workflow/machine.ts";
import { eventsOf, GROUP_TASKS, MAX_EVENTS, nextRound } from "../../src/workflow/state.ts";
import {
  DOOR_SECONDS,
  FUNCTION_SECONDS,
  GROUP_SECONDS,
  PLANNED_TASK_SECONDS,
  STRETCH_SECONDS,
  TASK_SECONDS,
  worstSeconds,
} from "../../src/workflow/timing.ts";
import { violations } from "./subset.ts";

type Validator = (machine: unknown, options: object) => { isValid: boolean; errorsText(): string };
// The package declares no types where its exports point.
const aslValidator: Validator = createRequire(import.meta.url)("asl-validator");

const arn = (name: string) => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;
const functions = {
  planner: arn("planner"),
  mapper: arn("mapper"),
  fused: arn("fused"),
  combiner: arn("combiner"),
  reducer: arn("reducer"),
  publisher: arn("publisher"),
  group: "arn:aws:states:eu-central-1:123456789012:stateMachine:group",
};
const parent = trainingMachine(functions);
const child = groupMachine(functions);
const queue = "https://sqs.eu-central-1.amazonaws.com/123456789012/failed";
const scoring = scoringMachine(functions, queue);
const door = doorMachine({ scoring: `${functions.group}-score`, update: `${functions.group}-update`, deadLetters: queue });
const machines = [
  ["training machine", parent],
  ["scoring machine", scoring],
  ["update machine", updateMachine(functions, queue)],
  ["group machine", child],
  ["door", door],
] as const;

function allStates(machine: Asl): [string, AslState][] {
  return Object.entries(machine.States).flatMap(([name, state]) => [
    [name, state] as [string, AslState],
    ...(state.ItemProcessor === undefined ? [] : allStates(state.ItemProcessor)),
  ]);
}

describe.each(machines)("%s", (_, machine) => {
  it("is valid", () => {
    const { isValid, errorsText } = aslValidator(structuredClone(machine), { checkArn: true, checkPaths: true });
    expect(errorsText()).toBe("");
    expect(isValid).toBe(true);
  });

  it("uses only what all three interpreters do", () => {
    expect(violations(machine)).toEqual([]);
  });

  it("waits for no task longer than it says, and tries throttled ones again with full jitter", () => {
    for (const [name, state] of allStates(machine).filter(([, { Type }]) => Type === "Task")) {
      expect(state.TimeoutSeconds, name).toBeGreaterThan(0);
      for (const retrier of state.Retry ?? []) expect(retrier.JitterStrategy, name).toBe("FULL");
      const retried = (state.Retry ?? []).flatMap((retrier) => retrier.ErrorEquals);
      if (!state.Resource?.endsWith("lambda:invoke")) {
        expect(retried, name).toEqual(expect.arrayContaining([expect.stringMatching(/^States\.(ALL|TaskFailed)$/)]));
        continue;
      }
      expect(retried, name).toContain("Lambda.TooManyRequestsException");
      expect(retried, name).toContain("TransientError");
      expect(retried, name).toContain("States.Timeout");
      for (const ours of ["InputError", "NumericError", "BudgetError", "CodeChanged", "ConflictError", "States.ALL", "States.TaskFailed"]) {
        expect(retried, name).not.toContain(ours);
      }
    }
  });

  it("tries what died and what timed out by rules of their own: one costs a wait, the other its whole time", () => {
    for (const [name, state] of allStates(machine).filter(([, { Resource }]) => Resource?.endsWith("lambda:invoke"))) {
      const of = (error: string) => state.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(error));
      expect(of("Runtime.ExitError")?.MaxAttempts, name).toBeGreaterThanOrEqual(5);
      for (const slow of ["States.Timeout", "Sandbox.Timedout", "Runtime.OutOfMemory"]) expect(of(slow)?.MaxAttempts, name).toBe(2);
    }
  });

  it("never tries a map again", () => {
    for (const [name, state] of allStates(machine)) if (state.Type === "Map") expect(state.Retry, name).toBeUndefined();
  });

  it("fails by name where no choice fits", () => {
    for (const [name, state] of allStates(machine).filter(([, { Type }]) => Type === "Choice")) {
      let at = Object.fromEntries(allStates(machine))[state.Default as string];
      const errors: unknown[] = [];
      for (let steps = 0; at.Type !== "Fail" && steps < 5; steps++) {
        errors.push((at.Result as { Error?: string } | undefined)?.Error ?? (at.Parameters as { Error?: string } | undefined)?.Error);
        at = Object.fromEntries(allStates(machine))[at.Next as string];
      }
      expect(at.Type, name).toBe("Fail");
      expect(
        [...errors, at.Error].some((error) => /^(UnknownAnswer|UnknownVerb|UnknownEvent|GroupLost)$/.test(`${error}`)),
        name,
      ).toBe(true);
    }
  });
});

describe.each([
  ["training", parent, ["Record failure", "Failed"]],
  ["scoring", scoring, ["Record failure", "Tell of failure", "Failed"]],
] as const)("the %s machine's failures", (_, machine, way) => {
  it("are all recorded: every task and map of the machine itself is caught", () => {
    const own = Object.entries(machine.States).filter(([, { Type }]) => Type === "Task" || Type === "Map");
    for (const [name, state] of own) {
      const step = (way as readonly string[]).indexOf(name);
      expect(state.Catch?.at(-1), name).toMatchObject({ ErrorEquals: ["States.ALL"], Next: way[step + 1] });
    }
  });

  it("end: recording and telling lead nowhere but to the end", () => {
    for (const [step, name] of way.slice(0, -1).entries()) {
      const { Next, Catch } = machine.States[name];
      expect([Next, ...(Catch ?? []).map((catcher) => catcher.Next)]).toEqual([way[step + 1], way[step + 1]]);
    }
    expect(machine.States.Failed.Type).toBe("Fail");
  });

  it("are the only ends but success", () => {
    const ends = Object.entries(machine.States).filter(
      ([, state]) => state.Type === "Fail" || state.End === true || state.Type === "Succeed",
    );
    expect(ends.map(([name]) => name).sort()).toEqual(["Continued", "Failed", "Publish"]);
  });

  it("of an update may also end with another run, or with nothing to do", () => {
    const { States } = updateMachine(functions, queue);
    const next = (state: AslState, word: string) => state.Choices?.find(({ StringEquals }) => StringEquals === word)?.Next;
    expect(next(States["Next?"], "done")).toBe("Done");
    expect(next(parent.States["Next?"], "done")).toBeUndefined();
    expect(States["Published?"].Choices?.map(({ Variable, Next }) => [Variable, Next])).toEqual([
      ["$.next", "Next?"],
      ["$.folder", "Done"],
    ]);
  });
});

describe("five minutes", () => {
  const taskOf = (machine: Asl, name: string) => Object.fromEntries(allStates(machine))[name];

  it("hold a stretch and then a round in which everything takes all its tries and waits", () => {
    // 3 tries of 45 s; waits 1+2+4+6+6 after throttling, 16 of 1 s after crashes, 1+2 after timeouts. Then 3 of 23 s, with 5 waits after crashes.
    expect(worstSeconds(child)).toBe(3 * 45 + 19 + 16 + 3 + 3 * 23 + 19 + 5 + 3);
    expect(STRETCH_SECONDS + worstSeconds(child)).toBeLessThan(GROUP_SECONDS);
    expect(child.TimeoutSeconds).toBe(GROUP_SECONDS);
    expect(GROUP_SECONDS).toBeLessThan(300);
  });

  it("are outwaited by the parent", () => {
    for (const name of ["Group", "Stretch"]) expect(taskOf(parent, name).TimeoutSeconds).toBeGreaterThan(GROUP_SECONDS);
  });

  it("are more than a planned task needs, whose tasks all run at once", () => {
    expect(PLANNED_TASK_SECONDS).toBeLessThan(FUNCTION_SECONDS.mapper);
    expect(taskOf(child, "Tasks").MaxConcurrency).toBe(GROUP_TASKS);
    expect(GROUP_TASKS).toBeLessThanOrEqual(40);
  });

  it("let every function end before the machine gives it up, and Lambda before its 15 minutes", () => {
    for (const name of Object.keys(FUNCTION_SECONDS) as (keyof typeof FUNCTION_SECONDS)[]) {
      expect(FUNCTION_SECONDS[name]).toBeLessThan(TASK_SECONDS[name]);
      expect(FUNCTION_SECONDS[name]).toBeLessThanOrEqual(900);
    }
    expect(taskOf(child, "Task").TimeoutSeconds).toBe(TASK_SECONDS.mapper);
    expect(taskOf(child, "Combine").TimeoutSeconds).toBe(TASK_SECONDS.combiner);
    expect(taskOf(child, "Reduce alone").TimeoutSeconds).toBe(TASK_SECONDS.combiner);
  });
});

describe("five minutes of the door", () => {
  it("hold every try and wait of a start, and then of a message", () => {
    // 6 tries of 10 s and waits of 1+2+4+8+10 s, twice.
    expect(worstSeconds(door)).toBe(2 * (6 * DOOR_SECONDS + 25));
    expect(worstSeconds(door)).toBeLessThan(door.TimeoutSeconds ?? 0);
    expect(door.TimeoutSeconds).toBeLessThan(300);
  });
});

describe("worstSeconds", () => {
  const task = (seconds: number, next: object): AslState => ({ Type: "Task", TimeoutSeconds: seconds, ...next });
  it("takes the slowest way and goes round no loop", () => {
    const machine: Asl = {
      StartAt: "a",
      States: {
        a: task(1, { Next: "b" }),
        b: { Type: "Choice", Choices: [{ Next: "short" }, { Next: "a" }], Default: "long" },
        short: task(10, { End: true }),
        long: task(100, { End: true }),
      },
    };
    expect(worstSeconds(machine)).toBe(101);
  });
});

describe("history events", () => {
  /** Task 5, choice and pass 2, map 4 and 2 an iteration. */
  function counted(machine: Asl, way: readonly string[], groups: number): number {
    return way.reduce((sum, name) => {
      const state = machine.States[name];
      if (state.Type === "Task") return sum + 5;
      if (state.Type !== "Map") return sum + 2;
      return sum + 4 + groups * (2 + counted(state.ItemProcessor as Asl, ["Group", "Group ended", "Take"], 0));
    }, 0);
  }

  it("are those of the states on the way", () => {
    expect(eventsOf("plan", 0)).toBe(1 + counted(parent, ["Plan", "Next?"], 0));
    expect(eventsOf("round", 8)).toBe(counted(parent, ["Round", "Reduce", "Next?"], 8));
    expect(eventsOf("stretch", 1)).toBe(counted(parent, ["One group", "Stretch", "Stretch ended", "Take state", "Next?"], 1));
    expect(eventsOf("fused", 0)).toBe(counted(parent, ["Fused rounds", "Next?"], 0));
  });
});

describe("nextRound", () => {
  it("stays in a child that is alone until its stretch is over", () => {
    expect(nextRound(1, 0, 0)).toBe("again");
    expect(nextRound(1, 0, STRETCH_SECONDS - 0.001)).toBe("again");
    expect(nextRound(1, 0, STRETCH_SECONDS)).toBe("stretch");
    expect(nextRound(2, 0, 1)).toBe("round");
    expect(nextRound(1, 0, null)).toBe("stretch");
    expect(nextRound(40, 0, null)).toBe("round");
  });

  it("continues in a new execution once the history is long, but not inside a child, whose own is free", () => {
    expect(nextRound(2, MAX_EVENTS, null)).toBe("round");
    expect(nextRound(2, MAX_EVENTS + 1, null)).toBe("continue");
    expect(nextRound(1, MAX_EVENTS + 1, 1)).toBe("again");
    expect(nextRound(1, MAX_EVENTS + 1, STRETCH_SECONDS)).toBe("continue");
    expect(nextRound(2, 201, null, 200)).toBe("continue");
    expect(nextRound(2, 200, null, 200)).toBe("round");
  });
});

describe("the subset", () => {
  const broken = (state: AslState): Asl => ({ StartAt: "a", States: { a: state } });
  it.each<[string, AslState]>([
    ["a field of JSONata", { Type: "Pass", Output: {}, End: true }],
    ["a distributed map", { Type: "Map", ItemReader: {}, End: true }],
    ["another service", { Type: "Task", Resource: "arn:aws:states:::dynamodb:putItem", End: true }],
    ["an intrinsic that is not tried", { Type: "Pass", Parameters: { "a.$": "States.Base64Encode($.a)" }, End: true }],
    ["a parenthesis in a template", { Type: "Pass", Parameters: { "a.$": "States.Format('({})', $.a)" }, End: true }],
    ["a filter", { Type: "Pass", Parameters: { "a.$": "$.a[?(@.b > 1)]" }, End: true }],
    ["an intrinsic in a cause", { Type: "Fail", CausePath: "States.Format('{}', $.a)" }],
    ["a rule that the interpreter gets wrong", { Type: "Choice", Choices: [{ Variable: "$.a", IsPresent: false, Next: "b" }] }],
    ["a context field that is not there", { Type: "Pass", Parameters: { "a.$": "$$.State.EnteredTime" }, End: true }],
  ])("refuses %s", (_, state) => {
    expect(violations(broken(state))).toHaveLength(1);
  });
});
