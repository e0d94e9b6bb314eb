import { describe, expect, it } from "vitest";
import { createResident, type Resident } from "../../../src/rounds/parts/resident.ts";

function keep(resident: Resident, part: string, bytes: number): string {
  resident.open(part);
  let made = "kept";
  resident.keep("bins", bytes, (address) => {
    made = "made";
    return address;
  });
  return made;
}

describe("resident", () => {
  it("keeps what fits, and makes the rest anew for every part", () => {
    const changes: number[] = [];
    const resident = createResident((bytes) => changes.push(bytes));
    resident.resize(250);
    resident.round(0);
    expect(["a", "b", "c"].map((part) => keep(resident, part, 100))).toEqual(["made", "made", "made"]);
    resident.round(1);
    expect(["a", "b", "c"].map((part) => keep(resident, part, 100))).toEqual(["kept", "kept", "made"]);
    expect(resident.bytes).toBe(200);
    expect(changes).toEqual([100, 200]);
  });

  it("lets go of what two rounds did not use, when room is needed, and of all when a run begins", () => {
    const resident = createResident(() => {});
    resident.resize(250);
    for (const [round, parts] of [["a", "b"], ["b"], ["b"], ["b", "c"], ["b", "c"]].entries()) {
      resident.round(round);
      const made = parts.map((part) => keep(resident, part, 100));
      if (round === 3) expect(made).toEqual(["kept", "made"]);
      if (round === 4) expect(made).toEqual(["kept", "kept"]);
    }
    resident.round(0);
    expect(resident.bytes).toBe(0);
  });
});
