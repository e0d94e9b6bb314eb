/** The search of a node by LightGBM's rules, against hand-made histograms and against the plain search where the rules do not differ. */
import { describe, expect, test } from "vitest";
import type { View } from "../../../src/features/view.ts";
import { hashRow } from "../../../src/kernels/hash.ts";
import { type GrownNode, sumsOf } from "../../../src/learners/boosting/growing/grow.ts";
import { layoutWith } from "../../../src/learners/boosting/growing/layout.ts";
import type { Split } from "../../../src/learners/boosting/growing/split.ts";
import { splitFinder } from "../../../src/learners/boosting/search.ts";
import type { BoostingParams } from "../../../src/learners/boosting/state.ts";
import { gradientBoostingRegressorParams } from "../../../src/learners/params.ts";
import { numberColumn } from "../../helpers/memory-part.ts";

interface Bin {
  readonly g: number;
  readonly h: number;
  readonly rows: number;
}

/** The bins of each column, that of missing values last; levels for a column of categories. */
function searched(columns: readonly (readonly Bin[])[], params: object, levels: readonly string[] = []): Split | null {
  const layout = layoutWith(
    columns.map((bins) => bins.length),
    "plane",
  );
  const histogram = new Float64Array(layout.size);
  columns.flat().forEach(({ g, h, rows }, bin) => {
    histogram.set([g, h], 2 * bin);
    histogram[2 * layout.total + bin] = rows;
  });
  const take = { kind: "index", levels, other: null } as const;
  const view: View = {
    columns: columns.map((_, j) => ({ ...numberColumn(`x${j}`), keepsMissing: true, ...(levels.length > 0 && { take }) })),
    skipWhere: [],
  };
  const own: BoostingParams = gradientBoostingRegressorParams.parse({ minRows: 1, minWeight: 1e-9, ...params });
  const directions = own.monotone === undefined ? null : columns.map((_, j) => own.monotone?.[`x${j}`] ?? 0);
  const node: GrownNode = {
    ...{ depth: 0, key: 1, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
    ...{ sums: sumsOf(histogram, layout), split: null, searched: false, barred: [], left: -1, right: -1 },
  };
  return splitFinder({ params: own, view, key: 1, layout, directions })(histogram, node).split;
}

const none: Bin = { g: 0, h: 0, rows: 0 };

describe("LightGBM's rules", () => {
  const uneven: Bin[] = [
    { g: -3, h: 1, rows: 2 },
    { g: -3, h: 2, rows: 2 },
    { g: 6, h: 3, rows: 8 },
  ];

  test("rows of a side are its share of the second derivatives, while children know theirs", () => {
    // 12 rows of 6: two rows for each unit, 2 + 4 on the left of the second cut, where 4 are.
    expect(searched([[...uneven, none]], { minRows: 6 })).toBeNull();
    const found = searched([[...uneven, none]], { minRows: 6, convention: "lightgbm" });
    expect(found).toMatchObject({ bin: 1, left: { g: -6, h: 3, rows: 4 }, right: { g: 6, h: 3, rows: 8 } });
  });

  test("each bin has whole rows", () => {
    const thin = [7.2, 0.7, 0.7, 0.7, 0.7].map((h, i): Bin => ({ g: i === 0 ? 4 : -1, h, rows: 2 }));
    // Ten rows of ten: four bins of 0.7 on the right count as four rows, not 2.8, and leave six.
    expect(searched([[...thin, none]], { minRows: 4, convention: "lightgbm" })).toMatchObject({ bin: 0, right: { rows: 8 } });
    expect(searched([[...thin, none]], { minRows: 5, convention: "lightgbm" })).toBeNull();
  });

  test("of equal cuts the highest is taken, and missing values go left where there are none", () => {
    const column = [uneven[0], none, none, uneven[2], none];
    expect(searched([column], {})).toMatchObject({ bin: 0, missingLeft: false });
    expect(searched([column], { convention: "lightgbm" })).toMatchObject({ bin: 2, missingLeft: true, left: { g: -3, rows: 2 } });
    expect([...(searched([column], { convention: "lightgbm" })?.goesLeft ?? [])]).toEqual([1, 1, 1, 0, 1]);
  });

  test("categories of few estimated rows are not told apart", () => {
    const levels = ["a", "b", "c", "d", "e"];
    const bins = levels.map((_, i): Bin => ({ g: i === 0 ? -300 : 75, h: i === 0 ? 40 : 240, rows: 200 }));
    // 1,000 rows of 1,000: the first has 40 by its second derivatives, 200 by count; a side must have 100.
    const plain = searched([[...bins, none]], { minRows: 100 }, levels);
    const found = searched([[...bins, none]], { minRows: 100, convention: "lightgbm" }, levels);
    expect(plain?.left.rows).toBe(200);
    expect(found?.left.rows).toBeGreaterThan(200);
    expect(found?.left.rows).toBe([...(found?.goesLeft ?? [])].slice(0, 5).reduce((sum, side) => sum + 200 * side, 0));
  });

  test.each([{}, { l1: 0.3, l2: 1 }, { monotone: { x0: 1, x1: -1 } }])("%o: the same split where a side may have any rows", (params) => {
    for (let seed = 0; seed < 40; seed++) {
      const draw = (stream: number): number => hashRow(stream, seed) % 64;
      const columns = [0, 1].map((column) =>
        Array.from({ length: 9 }, (_, bin): Bin => {
          // Both columns have the same sums, as one node's have.
          const place = column === 0 ? bin : (bin + 4) % 9;
          return { g: draw(place) - 32, h: 16 + draw(100 + place) / 64, rows: 20 + (draw(200 + place) % 7) };
        }),
      );
      const [plain, found] = [{}, { convention: "lightgbm" }].map((convention) => searched(columns, { ...params, ...convention }));
      expect(found).toEqual(plain);
    }
  });
});
