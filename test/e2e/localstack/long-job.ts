/** A job of many rounds, in two groups of tasks. */
import { type Trained, train } from "../../../src/api/train.ts";
import { job } from "../../../src/job/builders.ts";
import { placeJob } from "../../../src/job/place.ts";
import { writeJson } from "../../../src/ports/json.ts";
import { planRun } from "../../../src/rounds/planning/plan-run.ts";
import { seeded } from "../../faults/handlers.ts";
import { bucket, deployedBundle, sources, store } from "./deployed.ts";

/** Ten classes of 32 numbers: too many coefficients for Newton's steps, so that the learner takes many small ones. */
function table(): string {
  const random = seeded(5);
  const lines = Array.from({ length: 640 }, () => {
    const x = Array.from({ length: 32 }, () => Math.round(1_000 * random()) / 1_000);
    const noisy = x.slice(0, 10).map((value) => value + 0.3 * random());
    return [...x, `c${noisy.indexOf(Math.max(...noisy))}`].join(",");
  });
  return [[...Array.from({ length: 32 }, (_, i) => `x${i}`), "y"].join(","), ...lines].join("\n");
}

const form = (name: string, maxIter: number) => ({
  name,
  data: { path: `s3://${bucket}/data/${name}.csv`, partRows: 40 },
  label: "y",
  model: { logisticRegression: { regParam: 0.001, maxIter } },
});

/** Uploads the table and trains on it on this machine; `name` is one of the caller's own. */
export async function longRun(name: string, maxIter: number, scratch: string): Promise<Trained> {
  await store.write(`data/${name}.csv`, new TextEncoder().encode(table()));
  return train(job({ ...form(name, maxIter), output: `${scratch}/models` }), { store: `${scratch}/runs`, run: "here" });
}

/** The input of an execution of a run whose plan has so many tasks for eight mappers: sixteen are two groups. */
export async function planned(run: string, name: string, maxIter: number, count = 16): Promise<{ run: string; generation: number }> {
  const functions = { count, fused: false, slots: 8, threads: 1, memoryBytes: 2 ** 31, atOnce: 16 };
  const placed = placeJob(job(form(name, maxIter)), { data: "", output: `s3://${bucket}/` });
  await writeJson(store, `runs/${run}/plan.json`, await planRun(sources, { run, job: placed }, () => functions, await deployedBundle()));
  return { run, generation: 0 };
}
