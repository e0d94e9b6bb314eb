/** Files of one part with probabilities of many classes: as many as hold few of them each, together the part's rows in order. */
import { expect, test } from "vitest";
import { askEvaluation, finishEvaluation } from "../../src/evaluation/evaluation.ts";
import { float64, kernels } from "../../src/kernels/kernels.ts";
import type { Block } from "../../src/learners/learner.ts";
import type { LearnerAny } from "../../src/learners/registry.ts";
import { predictedRows } from "../../src/plan/memory.ts";
import type { MapContext } from "../../src/rounds/phase.ts";
import { type ScoreAsk, scorePhase } from "../../src/rounds/phases/score.ts";
import { plainView } from "../helpers/memory-part.ts";
import { parquetRows } from "../helpers/parquet-rows.ts";

const CLASSES = 20_000;
const ROWS = 430;
const classes = Array.from({ length: CLASSES }, (_, k) => `c${k}`);

test("rows past a file's predictions go to the next, and all are judged together", async () => {
  const x = Float64Array.from({ length: ROWS }, (_, i) => (i * 37) % 1_000);
  // Every tenth row is of the class after the one that is predicted.
  const codes = Uint16Array.from(x, (own, i) => own + Number(i % 10 === 0));
  const columns = { x: { type: "number" as const, values: x }, y: { type: "string" as const, codes, dictionary: classes } };
  const written = new Map<string, Uint8Array>();
  const context = {
    table: async () => ({ table: { rows: ROWS, columns }, firstRow: 100 }),
    plan: { job: { label: { column: "y" } } },
    learner: {
      predict: (_: unknown, { rows, x: at }: Block, out: Float64Array) => {
        float64(kernels(), at, rows).forEach((own, i) => {
          out[own * rows + i] = 0.75;
          out[((own + 1) % CLASSES) * rows + i] = 0.25;
        });
      },
    } as unknown as LearnerAny,
    outputs: { write: async (key: string, bytes: Uint8Array) => void written.set(key, bytes) },
    behind: (write: Promise<unknown>) => write,
  } as unknown as MapContext;
  const evaluation = askEvaluation({
    task: "multiclass",
    metrics: ["accuracy"],
    classes,
    threshold: 0.5,
    weighted: false,
    baseline: classes.map(() => 1 / CLASSES),
    rows: ROWS,
    wantsCurve: false,
  });
  const ask: ScoreAsk = {
    view: plainView("x"),
    model: {},
    classes,
    threshold: 0.5,
    output: "scores",
    prefix: "part-",
    explain: false,
    evaluation,
    drift: null,
  };
  const into = scorePhase.empty(ask);
  await scorePhase.map(into, 7, ask, context);
  const each = predictedRows(CLASSES);
  expect(each).toBe(419);
  expect(into.files).toEqual(["part-00007-00000.parquet", "part-00007-00001.parquet"]);
  const files = await Promise.all([...written.values()].map((bytes) => parquetRows(bytes, ["row", "y", "prediction", "probability_c37"])));
  expect(files.map(({ length }) => length)).toEqual([each, ROWS - each]);
  const expected = Array.from(x, (own, i) => ({
    row: BigInt(100 + i),
    y: `c${codes[i]}`,
    prediction: `c${own}`,
    probability_c37: own === 37 ? 0.75 : own === 36 ? 0.25 : 0,
  }));
  expect(files.flat()).toEqual(expected);
  if (into.evaluation === null) throw new Error("labels must be judged");
  expect(finishEvaluation(into.evaluation, evaluation).metrics.accuracy).toBe(0.9);
});
