import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoDays } from "../../../src/rounds/parts/iso-days.ts";

describe("isoDays", () => {
  it("equals the platform's calendar", () => {
    const property = fc.property(fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      const text = date.toISOString();
      expect(isoDays(text.slice(0, 10))).toBe(Date.parse(text.slice(0, 10)) / 86_400_000);
      // A fraction of a day near 1e6 days is known to 1e-10.
      expect(isoDays(text)).toBeCloseTo(date.getTime() / 86_400_000, 8);
    });
    fc.assert(property, { seed: 1, numRuns: 300 });
  });

  it("reads times to the minute and the second", () => {
    expect(isoDays("1970-01-02 12:00")).toBe(1.5);
    expect(isoDays("1970-01-01T00:00:43.2Z")).toBeCloseTo(0.0005, 15);
  });

  it("is NaN for what is no date", () => {
    for (const text of ["", "2020", "2020-13-01", "2021-02-29", "1900-02-29", "2020-1-1", "2020-01-01T24:00", "2020-01-01T10:60", "soon"]) {
      expect(isoDays(text)).toBeNaN();
    }
    expect(isoDays("2000-02-29")).toBe(11_016);
  });
});
