import { describe, expect, expectTypeOf, it } from "vitest";
import { createKernels, float64, place, uint32 } from "../../src/kernels/kernels.ts";
import { entriesOf, labelsOf, placesOf, valuesOf, weightsOf } from "../../src/learners/block-values.ts";

const k = createKernels();

function integers(...values: number[]): number {
  const address = k.claim(4 * values.length);
  uint32(k, address, values.length).set(values);
  return address;
}

const label = place(k, [7, 8, 9]);
const weight = place(k, [1, 0, 2]);

describe("values of a block", () => {
  const x = place(k, [1, 2, 3, 0, 4, 5, 6, 0]);
  const block = { rows: 3, stride: 4, columns: 2, x, label, weight, index: integers(10, 20, 30) };

  it("are by row, without those that fill a column up to its stride", () => {
    expect([...labelsOf(k, block)]).toEqual([7, 8, 9]);
    expect([...weightsOf(k, block)]).toEqual([1, 0, 2]);
    expect([...placesOf(k, block)]).toEqual([10, 20, 30]);
    expect([...valuesOf(k, block, 0)]).toEqual([1, 2, 3]);
    expect([...valuesOf(k, block, 1)]).toEqual([4, 5, 6]);
  });

  it("cannot be written through, which the type checker sees, but their copies can", () => {
    const weights = weightsOf(k, block);
    expectTypeOf(weights).not.toHaveProperty("fill");
    expectTypeOf<Extract<typeof weights, { set: unknown }>>().toBeNever();
    const own = weights.slice().fill(5);
    expect([[...own], [...float64(k, weight, 3)]]).toEqual([
      [5, 5, 5],
      [1, 0, 2],
    ]);
  });
});

describe("entries of a sparse block", () => {
  it("are as many as its last row ends at", () => {
    const block = {
      rows: 3,
      columns: 4,
      offsets: integers(0, 1, 1, 3),
      indices: integers(3, 0, 2),
      values: place(k, [5, 6, 7]),
      label,
      weight,
    };
    const { starts, indices, values } = entriesOf(k, block);
    expect([[...starts], [...indices], [...values]]).toEqual([
      [0, 1, 1, 3],
      [3, 0, 2],
      [5, 6, 7],
    ]);
  });
});
