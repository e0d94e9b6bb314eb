/** Candidates of a search beside the same settings trained alone on the same rows: what both come to, to the last bit. */
import { mkdirSync } from "node:fs";
import { viewFor } from "../../src/features/fit.ts";
import type { JobForm } from "../../src/job/schema.ts";
import { learnerNamed } from "../../src/learners/registry.ts";
import { foldsOf, TEST } from "../../src/rounds/parts/split.ts";
import type { Setting } from "../../src/tuning/search.ts";
import { planOf, published, runPlan, type Seams, stateOf } from "./engine.ts";
import { writeLines } from "./scratch.ts";

export interface Searched {
  readonly form: Omit<JobForm, "data" | "split"> & { readonly tune: NonNullable<JobForm["tune"]> };
  readonly header: string;
  readonly lines: readonly string[];
  /** Columns that are no features. */
  readonly exclude?: readonly string[];
  readonly seams: Seams;
}

const SEED = 42;

/** What one training came to. */
type Outcome = Readonly<Record<string, unknown>>;

interface Compared {
  /** The winner and the same alone. */
  readonly winner: readonly [Outcome, Outcome];
  /** By fold. */
  readonly folds: readonly (readonly [Outcome, Outcome])[];
}

const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/**
 * A fifth of the rows is held out from all. Alone, a column of the data says which rows are held out: those of the fold too. The candidates
 * of the folds are those of the first setting.
 */
export async function compared({ form, header, lines, exclude = [], seams }: Searched, folder: string): Promise<Compared> {
  mkdirSync(folder, { recursive: true });
  const folds = form.tune.folds ?? 3;
  const rows = { firstRow: 0, rows: lines.length, table: { rows: lines.length, columns: {} } };
  const foldOf = foldsOf(rows, { kind: "everyNth", n: 5, seed: SEED, stratify: false }, folds, null);
  const sides = ["side", ...Array.from({ length: folds }, (_, k) => `side${k}`)];
  const sidesOf = (row: number): string => sides.map((_, s) => (foldOf[row] === TEST || foldOf[row] === s - 1 ? "test" : "train")).join();
  const path = writeLines(`${folder}/rows.csv`, [`${header},${sides}`, ...lines.map((line, row) => `${line},${sidesOf(row)}`)]);
  const { tune, model, ...others } = form;
  const run = async (name: string, side: string, own: Partial<JobForm>): Promise<string> => {
    const data = { path, exclude: [...exclude, ...sides.filter((other) => other !== side)] };
    await runPlan(await planOf({ ...others, data, split: { column: side, seed: SEED }, model, ...own }, seams), {
      root: `${folder}/${name}`,
    });
    return `${folder}/${name}`;
  };
  const [[learner, params]] = Object.entries(model) as [[string, Setting | undefined]];
  const alone = (name: string, side: string, setting: Setting) =>
    run(name, side, { model: { [learner]: { ...params, ...setting } } as JobForm["model"] });
  const search = await run("search", "side", { tune });
  const { winner, settings } = modelIn(search).tune as { winner: Setting; settings: readonly { readonly params: Setting }[] };
  const { candidates, fit } = await stateOf(search);
  if (fit === null) throw new Error("a search must fit features");
  const ofFold = async (k: number): Promise<readonly [Outcome, Outcome]> => {
    const own = candidates.find((candidate) => candidate.setting === 0 && candidate.fold === k);
    const { view, model, loss } = modelIn(await alone(`fold${k}`, `side${k}`, settings[0].params));
    const trained = learnerNamed(learner).model(own?.state);
    return [parsed({ view: viewFor(fit, k), model: trained, loss: own?.loss }) as Outcome, { view, model, loss }];
  };
  const winners = [outcomeIn(search), outcomeIn(await alone("alone", "side", winner))] as const;
  const ofFolds: (readonly [Outcome, Outcome])[] = [];
  for (let k = 0; k < folds; k++) ofFolds.push(await ofFold(k));
  return { winner: winners, folds: ofFolds };
}

const modelIn = (root: string): Outcome => JSON.parse(published(root)["model.json"]) as Outcome;

/** All that is published but what tells that there was a search. */
function outcomeIn(root: string): Outcome {
  const { tune: _, job: __, ...model } = modelIn(root);
  return { ...published(root), "model.json": model };
}
