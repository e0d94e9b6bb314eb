import { describe, expect, it } from "vitest";
import { interpret, localMachine } from "../../../src/adapters/local/interpreter.ts";
import type { FailRequest } from "../../../src/workflow/state.ts";
import { machine, startTime, stateOf } from "./scripted-run.ts";

describe("children that end badly", () => {
  /** The parent, with children that end as told. */
  async function withChildren(next: "round" | "stretch", answer: (input: { tries: number }) => object) {
    const inputs: { tries: number }[] = [];
    const lambda = async (parameters: unknown) => {
      const { FunctionName, Payload } = parameters as { FunctionName: string; Payload: { verb?: string; state?: FailRequest["state"] } };
      if (FunctionName === "planner") return { Payload: stateOf({ next, groups: [{ number: 0, first: 0, last: 0, slotFrom: 0 }] }) };
      if (Payload.verb === "fail") return { Payload: { name: Payload.state?.error.Error, sentence: Payload.state?.error.Cause } };
      return { Payload: Payload.verb === "reduce" ? stateOf({}) : "published" };
    };
    const output = interpret({
      machine: localMachine(machine),
      input: {},
      context: { Execution: { Name: "r1" }, Started: startTime },
      handlers: {
        "lambda:invoke": lambda,
        "sfn:startSyncExecution": async (parameters) => {
          inputs.push(JSON.parse((parameters as { Input: string }).Input));
          return answer(inputs.at(-1) as { tries: number });
        },
        "states:startExecution": lambda,
      },
      signal: new AbortController().signal,
      onState: undefined,
    });
    return { output: await output.catch((error: Error) => error), inputs };
  }

  const succeeded = { Status: "SUCCEEDED", Output: JSON.stringify(stateOf({})) };

  it.each(["round", "stretch"] as const)("are started again after a timeout, twice at most: %s", async (next) => {
    const once = await withChildren(next, ({ tries }) => (tries === 0 ? { Status: "TIMED_OUT" } : succeeded));
    expect(once.output).toBe("published");
    expect(once.inputs.map(({ tries }) => tries)).toEqual([0, 1]);
    expect(once.inputs[1]).toEqual({ ...once.inputs[0], tries: 1 });

    const lost = await withChildren(next, () => ({ Status: "TIMED_OUT", Error: "States.Timeout", Cause: "" }));
    expect(lost.inputs.map(({ tries }) => tries)).toEqual([0, 1, 2]);
    expect(lost.output).toMatchObject({
      name: "GroupLost",
      message:
        "group 0 of round 0 ended as TIMED_OUT after 2 new starts; give the functions more memory or the tasks fewer parts, then resume the run",
    });
  });

  it.each(["round", "stretch"] as const)("are started again where they failed with what may pass, twice at most: %s", async (next) => {
    const crashed = { Status: "FAILED", Error: "Runtime.ExitError", Cause: "exited" };
    const once = await withChildren(next, ({ tries }) => (tries === 0 ? crashed : succeeded));
    expect(once.output).toBe("published");
    expect(once.inputs.map(({ tries }) => tries)).toEqual([0, 1]);
    const lost = await withChildren(next, () => crashed);
    expect(lost.inputs).toHaveLength(3);
    expect(lost.output).toMatchObject({ name: "Runtime.ExitError", message: "exited" });
  });

  it.each(["round", "stretch"] as const)("that fail or are stopped are not started again: %s", async (next) => {
    const failed = await withChildren(next, () => ({ Status: "FAILED", Error: "NumericError", Cause: "sum must be finite" }));
    expect(failed.output).toMatchObject({ name: "NumericError", message: "sum must be finite" });
    expect(failed.inputs).toHaveLength(1);
    const stopped = await withChildren(next, () => ({ Status: "ABORTED" }));
    expect(stopped.output).toMatchObject({ name: "GroupLost" });
    expect(stopped.inputs).toHaveLength(1);
  });
});
