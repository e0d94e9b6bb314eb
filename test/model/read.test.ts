import { expect, it } from "vitest";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { readModel } from "../../src/model/read.ts";
import { InputError } from "../../src/ports/errors.ts";

const read = async (text: string) => {
  const store = memoryStore();
  await store.write("m/model.json", new TextEncoder().encode(text));
  return readModel(store, "m/model.json");
};

it.each([
  ['{"format":', "must be the JSON of a model as steplearn writes it, got "],
  ["null", "got one without a format"],
  ["[]", "got one without a format"],
  ['{"format":1}', "got one without view or model"],
  ['{"format":2,"view":{},"model":{}}', "must be a model of format 1 at most, got 2; a newer steplearn wrote it"],
])("%s is refused by name", async (text, message) => {
  const error = await read(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(/^m\/model\.json must be /);
  expect((error as Error).message).toContain(message);
});

it("a fill of null is NaN", async () => {
  const { view } = await read('{"format":1,"view":{"columns":[{"name":"a","fill":null},{"name":"b","fill":0}]},"model":{}}');
  expect(view.columns.map(({ fill }) => fill)).toEqual([Number.NaN, 0]);
});
