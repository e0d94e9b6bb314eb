/** Trees added to a published model by functions that share nothing. */
import { expect, it } from "vitest";
import { train } from "../../../src/api/train.ts";
import { job } from "../../../src/job/builders.ts";
import { customerLines } from "../../helpers/same-jobs.ts";
import { scratchFolder, writeLines } from "../../helpers/scratch.ts";

const folder = scratchFolder();

it("are the same from two functions as from one", async () => {
  const [data, more] = [0, 1].map((part) => {
    const [header, ...lines] = customerLines(2_000);
    return writeLines(`${folder}/part-${part}.csv`, [header, ...lines.slice(1_000 * part, 1_000 * (part + 1))]);
  });
  const jobOf = (path: string, output: string) =>
    job({
      data: { path, partRows: 100 },
      label: "churn",
      model: { gradientBoostingClassifier: { trees: 3 } },
      output: `${folder}/${output}`,
    });
  const options = { store: `${folder}/store`, threads: 1 };
  await train(jobOf(data, "first"), { ...options, run: "first" });
  const from = `${folder}/first`;
  const one = await train(jobOf(more, "one"), { ...options, from, run: "one" });
  const two = await train(jobOf(more, "two"), { ...options, from, run: "two", functions: 2 });
  expect(two.model.model).toEqual(one.model.model);
  expect(two.metrics).toEqual(one.metrics);
});
