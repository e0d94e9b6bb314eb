import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutsToRepeat } from "../../../src/data/csv/parity.ts";
import { readCsvCut } from "../../../src/data/csv/read.ts";
import type { CutAnswer } from "../../../src/data/cut.ts";
import { columnsOf, dialectOf, piece, rowsOf, sourceOf } from "./reference.ts";

const names3 = ["c0", "c1", "c2"];

describe("byte ranges", () => {
  /** Reads a file in cuts that all guess wrong or right by themselves, then again those that the parities show to be wrong. */
  async function readCuts(bytes: Uint8Array, borders: readonly number[], header: boolean): Promise<CutAnswer[]> {
    const source = sourceOf(bytes);
    const edges = [0, ...borders, bytes.length];
    const read = (cut: number, insideQuotes: boolean): Promise<CutAnswer> =>
      readCsvCut(
        [piece(source, { startByte: edges[cut], endByte: edges[cut + 1], insideQuotes })],
        dialectOf(names3, { header }),
        columnsOf(names3),
        64,
      );
    const guesses = edges.slice(1).map(() => false);
    const answers = await Promise.all(guesses.map((guess, cut) => read(cut, guess)));
    for (const cut of cutsToRepeat(
      answers.map(({ quoteParity }) => quoteParity),
      guesses,
    ))
      answers[cut] = await read(cut, true);
    return answers;
  }

  const tricky = '\ufeffc0,c1,c2\r\n1,"a\nb",3\n"4 ""x""",,6\r\n\n7,"\n\n""\n,,\n",9\n"","",""\n10,11,12';

  test.each([true, false])("every cut position gives the rows of the whole (header %s)", async (header) => {
    const bytes = new TextEncoder().encode(tricky);
    const [whole] = await readCuts(bytes, [], header);
    const expected = rowsOf(whole.parts, names3);
    expect(expected.length).toBe(header ? 5 : 6);
    for (let border = 1; border < bytes.length; border++) {
      const answers = await readCuts(bytes, [border], header);
      expect(answers.flatMap(({ parts }) => (parts.length === 0 ? [] : rowsOf(parts, names3)))).toEqual(expected);
      expect(answers.reduce((sum, { badRows }) => sum + badRows, 0)).toBe(0);
    }
  });

  test("any borders of any file give the rows of the whole, bad ones too", async () => {
    const row = fc.constantFrom("1,2,3", 'a,"b\nc",d', '"\n""\n",,', "x,y", "", '"q,""",z,"\r\n"', "long text here,more of it,end");
    const input = fc.tuple(
      fc.array(row, { minLength: 1, maxLength: 25 }),
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.nat(), { maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(input, async ([lines, lineEnd, positions]) => {
        const bytes = new TextEncoder().encode(lines.join(lineEnd) + lineEnd);
        const borders = [...new Set(positions.map((position) => 1 + (position % Math.max(1, bytes.length - 1))))].sort((a, b) => a - b);
        const [whole] = await readCuts(bytes, [], false);
        const answers = await readCuts(
          bytes,
          borders.filter((border) => border < bytes.length),
          false,
        );
        expect(answers.flatMap(({ parts }) => (parts.length === 0 ? [] : rowsOf(parts, names3)))).toEqual(
          whole.parts.length === 0 ? [] : rowsOf(whole.parts, names3),
        );
        expect(answers.flatMap(({ badSamples }) => badSamples)).toEqual(whole.badSamples);
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  test("a cut reads little more than its own bytes", async () => {
    const bytes = new TextEncoder().encode("1,2,3\n".repeat(200_000));
    const source = sourceOf(bytes);
    const answer = await readCsvCut(
      [piece(source, { startByte: 100_001, endByte: 400_001 })],
      dialectOf(names3),
      columnsOf(names3, "number"),
      1_024,
    );
    expect(answer.rows).toBe(50_000);
    expect(answer.bytes).toBeLessThan(300_000 + 20_000);
  });
});
