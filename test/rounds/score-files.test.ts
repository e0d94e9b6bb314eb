/** Files of one part with contributions: as many as hold few contributions each, together the part's rows in order. */
import { expect, test } from "vitest";
import type { LearnerAny } from "../../src/learners/registry.ts";
import { predictTrees, treeExplainer } from "../../src/learners/trees/ensemble/model.ts";
import { packEnsemble } from "../../src/learners/trees/ensemble/pack.ts";
import { sumsOf } from "../../src/learners/trees/ensemble/walk.ts";
import { EXPLAINED_BYTES } from "../../src/plan/memory.ts";
import type { MapContext } from "../../src/rounds/phase.ts";
import { type ScoreAsk, scorePhase } from "../../src/rounds/phases/score.ts";
import { numberColumn } from "../helpers/memory-part.ts";
import { parquetRows } from "../helpers/parquet-rows.ts";
import { grownEnsemble, grownRows } from "../learners/boosting/growing/grow.ts";

const COLUMNS = 700;
const ROWS = 3_000;
/** Contributions and base of a row, 8 bytes each. */
const EACH = Math.floor(EXPLAINED_BYTES / 8 / (COLUMNS + 1));

test("rows past a file's contributions go to the next, with their own numbers, predictions and contributions", async () => {
  const names = Array.from({ length: COLUMNS }, (_, j) => `c${j}`);
  const ensemble = grownEnsemble({ trees: 3, depth: 2, categories: names.map(() => 0), full: 1 });
  const values = grownRows(ROWS, ensemble.categories, 0);
  const columns = Object.fromEntries(
    names.map((name, j) => [name, { type: "number" as const, values: Float64Array.from(values, (row) => row[j]) }]),
  );
  const written = new Map<string, Uint8Array>();
  const context = {
    table: async () => ({ table: { rows: ROWS, columns }, firstRow: 100 }),
    plan: { job: { label: { column: "y" } } },
    learner: { name: "grown", predict: predictTrees, explainer: treeExplainer } as unknown as LearnerAny,
    outputs: { write: async (key: string, bytes: Uint8Array) => void written.set(key, bytes) },
    behind: (write: Promise<unknown>) => write,
  } as unknown as MapContext;
  const ask: ScoreAsk = {
    view: { columns: names.map((name) => ({ ...numberColumn(name), keepsMissing: true as const })), skipWhere: [] },
    model: { learner: "grown", classes: [], ensemble: packEnsemble(ensemble), warnings: [] },
    classes: null,
    threshold: 0.5,
    output: "scores",
    prefix: "part-",
    explain: true,
    evaluation: null,
    drift: null,
  };
  const into = scorePhase.empty(ask);
  await scorePhase.map(into, 7, ask, context);
  expect(into.rows).toBe(ROWS);
  expect(into.files).toEqual(["part-00007-00000.parquet", "part-00007-00001.parquet"]);
  expect([...written.keys()]).toEqual(into.files.map((file) => `scores/${file}`));
  const files = await Promise.all(
    [...written.values()].map((bytes) => parquetRows(bytes, ["row", "prediction", "contribution_c0", "contribution_base"])),
  );
  expect(files.map(({ length }) => length)).toEqual([EACH, ROWS - EACH]);
  const rows = files.flat();
  expect(rows.filter(({ row, prediction }, i) => Number(row) !== 100 + i || prediction !== sumsOf(ensemble, values[i])[0])).toEqual([]);
  const explain = treeExplainer(ask.model as Parameters<typeof treeExplainer>[0]);
  for (const i of [0, EACH - 1, EACH, ROWS - 1]) {
    const expected = new Float64Array(COLUMNS + 1);
    explain(values[i], expected);
    expect(files.flat()[i].contribution_base).toBe(expected[COLUMNS]);
    expect(files.flat()[i].contribution_c0).toBe(expected[0]);
  }
});
