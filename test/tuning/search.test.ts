import { describe, expect, it } from "vitest";
import { expandGrid, sampleSettings } from "../../src/tuning/search.ts";

describe("expandGrid", () => {
  it("lists every combination, the last key fastest", () => {
    expect(expandGrid({ a: [1, 2], b: ["x", "y"] })).toEqual([
      { a: 1, b: "x" },
      { a: 1, b: "y" },
      { a: 2, b: "x" },
      { a: 2, b: "y" },
    ]);
    expect(expandGrid({})).toEqual([{}]);
    expect(expandGrid({ a: [1], b: [] })).toEqual([]);
  });
});

describe("sampleSettings", () => {
  const space = { regParam: { min: 1e-6, max: 1, log: true }, elasticNetParam: { min: 0.25, max: 0.75 }, fitIntercept: [true, false] };
  const settings = sampleSettings(space, 2_000, 1);
  const share = (holds: (setting: Record<string, unknown>) => boolean): number => settings.filter(holds).length / settings.length;

  it("draws evenly from lists, ranges and magnitudes", () => {
    // Five standard errors of a share of 2,000 draws are below 0.056.
    expect(Math.abs(share(({ fitIntercept }) => fitIntercept === true) - 1 / 2)).toBeLessThan(0.056);
    expect(Math.abs(share(({ elasticNetParam }) => (elasticNetParam as number) < 0.35) - 1 / 5)).toBeLessThan(0.056);
    expect(Math.abs(share(({ regParam }) => (regParam as number) < 1e-4) - 1 / 3)).toBeLessThan(0.056);
    expect(share(({ regParam }) => (regParam as number) >= 1e-6 && (regParam as number) <= 1)).toBe(1);
    expect(share(({ elasticNetParam }) => (elasticNetParam as number) >= 0.25 && (elasticNetParam as number) <= 0.75)).toBe(1);
  });

  it("draws parameters independently of each other", () => {
    expect(Math.abs(share((s) => (s.regParam as number) < 1e-3 && (s.elasticNetParam as number) < 0.5) - 1 / 4)).toBeLessThan(0.056);
  });

  it("begins with the same settings when more are asked, and leaves the others alone when a parameter is added", () => {
    expect(sampleSettings(space, 5, 1)).toEqual(settings.slice(0, 5));
    const more = sampleSettings({ maxIter: [1, 2], ...space }, 5, 1);
    expect(more.map(({ maxIter, ...rest }) => rest)).toEqual(settings.slice(0, 5));
    expect(sampleSettings(space, 5, 2)).not.toEqual(settings.slice(0, 5));
  });
});
