/** Training of real tables, from the file to the metrics on the rows held out. */
import { train } from "../../src/api/train.ts";
import { job } from "../../src/job/builders.ts";
import type { JobForm } from "../../src/job/schema.ts";

/** In a folder of the test's own. */
export const trainedIn = (folder: string, form: JobForm) =>
  train(job({ ...form, output: `${folder}/models` }), { store: `${folder}/store`, run: `run-${runs++}` });
let runs = 0;

/** All levels of the categories, the numbers standardised. */
export function explicit(categories: readonly string[], numbers: readonly string[], before: JobForm["features"] = []): JobForm["features"] {
  return [
    ...(before as Exclude<typeof before, "auto" | undefined>),
    { stringIndexer: { inputs: [...categories], handleInvalid: "keep" } },
    { oneHotEncoder: { inputs: [...categories] } },
    { standardScaler: { inputs: [...numbers], withMean: true } },
    { vectorAssembler: { inputs: [...numbers, ...categories] } },
  ];
}
