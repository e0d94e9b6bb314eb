/** What every scripted fault must show: the same bytes, or a named failure that a resume heals; and nothing half written, ever. */
import { readFileSync } from "node:fs";
import { beforeAll, expect } from "vitest";
import { fileStore, machineFiles } from "../../src/adapters/local/file-store.ts";
import { bundle } from "../../src/api/bundle.ts";
import type { ScoresManifest } from "../../src/model/scores.ts";
import type { Plan } from "../../src/plan/plan.ts";
import type { FunctionName } from "../../src/ports/orchestrator.ts";
import { planScoring } from "../../src/rounds/planning/plan-scoring.ts";
import { type Engine, planOf, published, runPlan } from "../helpers/engine.ts";
import { customerLines } from "../helpers/same-jobs.ts";
import { writeLines } from "../helpers/scratch.ts";
import { at, type Fault, faults, share, trouble } from "./calls.ts";
import { expectWhole, type Seen } from "./whole.ts";

/** Runs of one plan, each in a store of its own, held to the one without faults. */
export interface Sufferer {
  /** Runs to the end, or to a failure of one of the names and then, without faults, to the end. */
  readonly survives: (engine: Omit<Engine, "root">, failures?: readonly string[]) => Promise<"at once" | "resumed">;
}

interface Sufferings {
  readonly functions: number;
  readonly rows: number;
  readonly partRows: number;
  readonly ending?: "model" | "scores";
}

export function sufferer(scratch: string, { functions, rows, partRows, ending = "model" }: Sufferings): Sufferer {
  const whole: Seen = ending === "model" ? { models: 1, datasets: 1, scores: 0 } : { models: 0, datasets: 1, scores: 1 };
  const outcome = ending === "model" ? published : scoresOf;
  let begin: (root: string) => Promise<Plan>;
  let expected: unknown;
  let runs = 0;

  beforeAll(async () => {
    const table = writeLines(`${scratch}/table.csv`, customerLines(rows));
    const form = { data: { path: table }, label: "churn", model: { logisticRegression: { regParam: 0.01 } } };
    const plan = await planOf(form, { partRows, cuts: 8 });
    begin = async () => plan;
    if (ending === "scores") {
      await runPlan(plan, { root: `${scratch}/trained` });
      begin = scoringOf(plan, `${scratch}/trained`);
    }
    await runPlan(await begin(`${scratch}/expected`), { root: `${scratch}/expected`, functions });
    expected = outcome(`${scratch}/expected`);
    expect(await expectWhole(`${scratch}/expected`)).toEqual(whole);
  });

  return {
    async survives(engine, failures = []) {
      const root = `${scratch}/run-${runs++}`;
      const plan = await begin(root);
      let end: "at once" | "resumed" = "at once";
      try {
        await runPlan(plan, { root, functions, ...engine });
      } catch (error) {
        end = "resumed";
        expect(failures).toContain((error as Error).name);
        const { models, scores } = await expectWhole(root);
        expect(models + scores).toBeLessThanOrEqual(1);
        await runPlan(plan, { root, functions });
      }
      expect(outcome(root)).toEqual(expected);
      expect(await expectWhole(root)).toEqual(whole);
      return end;
    },
  };
}

/** Plans the scoring of the rows that the model was trained on, into a folder of the root. */
function scoringOf({ job, source, partRows, functions }: Plan, trained: string): (root: string) => Promise<Plan> {
  return async (root) => {
    const stores = { store: fileStore(root), sources: machineFiles(), outputs: fileStore(trained) };
    const output = `${root}/scores/customers`;
    const model = { folder: "models/run", version: "run" };
    const plan = await planScoring(stores, { run: "run", model, paths: job.data.paths, output, functions }, bundle);
    return { ...plan, partRows, source: { ...plan.source, cuts: source.cuts } };
  };
}

/** The manifest and the files that it names, as hexadecimal digits. */
function scoresOf(root: string): Record<string, string> {
  const read = (file: string) => readFileSync(`${root}/scores/customers/${file}`);
  const manifest = JSON.parse(read("manifest.json").toString()) as ScoresManifest;
  return Object.fromEntries(["manifest.json", ...manifest.files].map((file) => [file, read(file).toString("hex")]));
}

const killed: readonly Fault[] = [faults.killed, { ...faults.killed, moment: "during" }, faults.exited];

/** Without a resume. Answers the calls of mappers and how many of them were killed. */
export async function survivesKills(
  { survives }: Sufferer,
  seed: number,
  onState?: Engine["onState"],
): Promise<{ calls: number; failed: number }> {
  const { wrap, counts } = trouble(share(seed, 0.7, "mapper", killed));
  expect(await survives({ handlers: wrap, onState })).toBe("at once");
  expect(counts.mapper.failed / counts.mapper.calls).toBeGreaterThan(0.6);
  expect(counts.mapper.failed / counts.mapper.calls).toBeLessThan(0.8);
  return counts.mapper;
}

export const faultNames = Object.keys(faults) as (keyof typeof faults)[];

/** The first calls of each of the functions: two in a row of those that are called once. */
export async function survivesFault({ survives }: Sufferer, kind: keyof typeof faults, names: readonly FunctionName[]): Promise<void> {
  const numbers = (name: FunctionName) => (name === "planner" || name === "publisher" ? [1, 2] : [1, 3, 4]);
  const scripts = names.map((name) => at(name, numbers(name), faults[kind]));
  const { wrap, counts } = trouble((name, number) => scripts.reduce<Fault | null>((found, script) => found ?? script(name, number), null));
  expect(await survives({ handlers: wrap })).toBe("at once");
  for (const name of names) expect(counts[name].failed, name).toBe(numbers(name).length);
}
