import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { gunzipBeginning } from "../../src/data/gunzip.ts";
import { InputError } from "../../src/ports/errors.ts";

it("unpacks a text as far as its bytes go, and no further than asked", async () => {
  const text = Array.from({ length: 50_000 }, (_, i) => `${i},${(i * 7_919) % 1_013}\n`).join("");
  const bytes = gzipSync(text);
  const whole = await gunzipBeginning("a.csv.gz", bytes, Number.POSITIVE_INFINITY);
  expect(new TextDecoder().decode(whole.text)).toBe(text);
  expect(whole.taken).toBe(bytes.length);

  const broken = new TextDecoder().decode((await gunzipBeginning("a.csv.gz", bytes.subarray(0, 10_000), Number.POSITIVE_INFINITY)).text);
  expect(broken.length).toBeGreaterThan(10_000);
  expect(text.startsWith(broken)).toBe(true);

  const zeros = await gunzipBeginning("a.csv.gz", gzipSync(new Uint8Array(2 ** 24)), 2 ** 16);
  expect(zeros.text.length).toBeLessThan(2 ** 18);
});

it("what is no gzip is named", async () => {
  await expect(gunzipBeginning("a.csv.gz", Buffer.from("n,y\n1,2\n"), 100)).rejects.toThrow(
    new InputError("a.csv.gz must be a whole gzip file: incorrect header check"),
  );
});
