import { describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import { faults, type Script, trouble } from "../../faults/calls.ts";
import { draw } from "../../faults/draw.ts";
import { faultNames, sufferer, survivesFault, survivesKills } from "../../faults/runs.ts";
import { type StoreFault, type StoreScript, troubledStore } from "../../faults/stores.ts";
import { scratchFolder } from "../../helpers/scratch.ts";

const trained = sufferer(scratchFolder(), { functions: 8, rows: 640, partRows: 40 });
const { survives } = trained;
const scored = sufferer(scratchFolder(), { functions: 4, rows: 160, partRows: 20, ending: "scores" });

describe("calls of functions", () => {
  it("of mappers, 70 % of them killed before, during and after their work, end in the same bytes without a resume", async () => {
    const { calls, failed } = await survivesKills(trained, 1);
    // Eight tasks a round, of which each succeeded once.
    expect(calls - failed).toBeGreaterThanOrEqual(8 * 5);
  });

  it.each(faultNames)("%s: the first ones of each function are tried again", async (kind) => {
    await survivesFault(trained, kind, ["planner", "mapper", "reducer", "publisher"]);
  });

  const forever: Script = (name, number) => (name === "mapper" && number > 20 ? faults.killed : null);
  const never: Script = (name) => (name === "reducer" ? faults.throttled : null);
  const full: Script = (name, number) => (name === "mapper" && number > 20 ? faults.outOfMemory : null);
  it.each<[string, Script, string]>([
    ["mappers that die for good", forever, "Runtime.ExitError"],
    ["a reducer without room in the account", never, "Lambda.TooManyRequestsException"],
    ["tasks that never fit the memory", full, "Runtime.OutOfMemory"],
  ])("%s fail by name, and a resume goes on", async (_, script, name) => {
    expect(await survives({ handlers: trouble(script).wrap }, [name])).toBe("resumed");
  });
});

describe("the store", () => {
  const kinds: readonly StoreFault[] = ["unavailable", "answerLost", "precondition", "slow"];

  it.each(kinds)("%s at every tenth call", async (kind) => {
    const stores: (() => number)[] = [];
    const wrap = (given: ObjectStore) => {
      const store = troubledStore(given, (verb, number) => (number % 10 === (verb === "write" ? 3 : 7) ? kind : null));
      stores.push(store.faults);
      return store;
    };
    expect(await survives({ wrap })).toBe("at once");
    expect(stores.reduce((sum, count) => sum + count(), 0)).toBeGreaterThan(kind === "precondition" ? 0 : 4);
  });

  it.each([1, 2])("of any kind at a tenth of all calls, by seed %i", async (seed) => {
    const script: StoreScript = (verb, number, key) =>
      draw(seed, `${verb} ${key}`, number) < 0.1 ? kinds[Math.floor(4 * draw(seed + 1, `${verb} ${key}`, number))] : null;
    await survives({ wrap: (store) => troubledStore(store, script) }, ["TransientError"]);
  });

  it("that is gone from some write on fails by name, and a resume goes on", async () => {
    const script: StoreScript = (verb, number) => (verb === "write" && number > 12 ? "unavailable" : null);
    expect(await survives({ wrap: (store) => troubledStore(store, script) }, ["TransientError"])).toBe("resumed");
  });

  it("publishing that is cut off at each of its writes leaves a whole model or none", async () => {
    for (let write = 1; write <= 4; write++) {
      let writes = 0;
      const script: StoreScript = (verb, _, key) =>
        verb === "write" && /\/models\//.test(`/${key}`) && ++writes >= write ? "unavailable" : null;
      expect(await survives({ wrap: (store) => troubledStore(store, script) }, ["TransientError"])).toBe("resumed");
    }
  });
});

describe("scoring", () => {
  it("is the same whatever happens to calls and to the store", async () => {
    await survivesKills(scored, 4);
    await survivesFault(scored, "timedOut", ["planner", "mapper", "reducer", "publisher"]);
    const script: StoreScript = (_, number) => (number % 10 === 7 ? "answerLost" : null);
    await scored.survives({ wrap: (store) => troubledStore(store, script) }, ["TransientError"]);
  });

  it("that cannot write its manifest has written no scores yet", async () => {
    const script: StoreScript = (verb, _, key) => (verb === "write" && key.endsWith("customers/manifest.json") ? "unavailable" : null);
    expect(await scored.survives({ wrap: (store) => troubledStore(store, script) }, ["TransientError"])).toBe("resumed");
  });
});
