import { expect, it } from "vitest";
import { lambdaBundle } from "../../../scripts/lambda-bundle.ts";

/** The hash of an asset is that of its bytes, so a deployment of unchanged code changes nothing. */
it("Lambda's bundle is the same bytes when it is built again", async () => {
  const [first, again] = [await lambdaBundle(), await lambdaBundle()];
  expect(again.hash).toBe(first.hash);
  expect(again.files.map(({ path }) => path)).toEqual(first.files.map(({ path }) => path));
  for (const [i, { contents }] of again.files.entries()) expect(Buffer.compare(contents, first.files[i].contents)).toBe(0);
});
