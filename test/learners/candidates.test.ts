import { describe, expect, it } from "vitest";
import { kernels, uint32 } from "../../src/kernels/kernels.ts";
import { answersOf, joinQuestions, type Question, visitBlocks } from "../../src/learners/candidates.ts";
import { memoryParts, plainView } from "../helpers/memory-part.ts";

const shape = { rows: 100, parts: 40, columns: 1, classes: 1 };
const question = (key: string, name: string, folds: number[], sample: Question<string>["sample"] = null): Question<string> => ({
  key,
  view: plainView(name),
  folds,
  sample,
  body: key,
});

describe("questions of many candidates", () => {
  it("are asked once when equal, and find their way back", () => {
    const { ask, parts } = joinQuestions(
      [[question("x0", "x", [0]), question("x1", "x", [1])], [question("y", "y", [0])], [question("x1", "x", [1])]],
      shape,
    );
    expect(parts).toBe("all");
    expect(ask.views).toEqual([plainView("x"), plainView("y")]);
    expect(ask.questions.map(({ body }) => body)).toEqual(["x0", "x1", "y"]);
    const statistic = { answers: [10, 11, 12] };
    expect([0, 1, 2].map((candidate) => answersOf(ask, statistic, candidate))).toEqual([[10, 11], [12], [11]]);
  });

  it("about a sample take its parts only, unless another wants all", () => {
    const sample = { stride: 8, every: 2 };
    expect(joinQuestions([[question("a", "x", [0], sample)]], shape).parts).toEqual([0, 8, 16, 24, 32]);
    expect(joinQuestions([[question("a", "x", [0], sample)], [question("b", "x", [0])]], shape).parts).toBe("all");
  });
});

it("a block is encoded once for all that count its rows, which come in their order whatever their folds", () => {
  const rows = 12;
  const table = {
    columns: { x: Array.from({ length: rows }, (_, i) => i) },
    label: new Array(rows).fill(0),
    fold: Array.from({ length: rows }, (_, i) => i % 3),
  };
  const [part] = memoryParts(table, rows, 2);
  let encodings = 0;
  const counting = {
    ...part,
    blocks: (...args: Parameters<typeof part.blocks>) => {
      encodings++;
      return part.blocks(...args);
    },
  };
  const { ask } = joinQuestions(
    [
      [question("a", "x", [1, 2])],
      [question("b", "x", [0, 2])],
      [question("c", "x", [1, 2])],
      [question("d", "x", [1, 2], { stride: 1, every: 2 })],
    ],
    shape,
  );
  const seen: number[][] = [[], [], [], []];
  visitBlocks(
    counting,
    ask,
    () => true,
    (block, place) => {
      seen[place].push(...uint32(kernels(), block.index, block.rows));
    },
  );
  // Blocks of two rows; the last question takes every other block.
  const rowsOfFirst = [1, 2, 4, 5, 7, 8, 10, 11];
  expect(seen).toEqual([rowsOfFirst, [0, 2, 3, 5, 6, 8, 9, 11], rowsOfFirst, [1, 2, 7, 8]]);
  expect(encodings).toBe(3);
});

it("a part outside the sample is not read", () => {
  const parts = memoryParts({ columns: { x: [1, 2, 3] }, label: [0, 0, 0] }, 1);
  const { ask } = joinQuestions([[question("a", "x", [0], { stride: 2, every: 1 })]], { ...shape, parts: 3 });
  const seen = parts.map((part) => {
    let rows = 0;
    visitBlocks(
      part,
      ask,
      () => true,
      (block) => {
        rows += block.rows;
      },
    );
    return rows;
  });
  expect(seen).toEqual([1, 0, 1]);
});
