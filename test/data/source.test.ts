import { describe, expect, test } from "vitest";
import { memoryStore } from "../../src/adapters/local/memory-store.ts";
import { byteSource, listSource } from "../../src/data/source.ts";
import { InputError, NotFoundError } from "../../src/ports/errors.ts";
import type { ObjectInfo, ObjectStore } from "../../src/ports/object-store.ts";

/** A store of constant objects, enough for reading. */
function storeOf(objects: Record<string, string>): ObjectStore {
  const infoOf = (key: string): ObjectInfo => ({ key, size: objects[key].length, etag: `e-${key}` });
  return {
    read: async (key, startByte = 0, endByte) => {
      if (!(key in objects)) throw new NotFoundError(key);
      return Buffer.from(objects[key], "latin1").subarray(startByte, endByte);
    },
    write: async () => {
      throw new Error("nothing is written here");
    },
    info: async (key) => {
      if (!(key in objects)) throw new NotFoundError(key);
      return infoOf(key);
    },
    nameOf: (key) => key,
    async *list(prefix) {
      for (const key of Object.keys(objects).sort((a, b) => (a < b ? -1 : 1))) if (key.startsWith(prefix)) yield infoOf(key);
    },
  };
}

describe("a bucket of which one may list a prefix only", () => {
  const open = storeOf({ "own/data/a.csv": "a", "own/data/b.csv": "b" });
  const refusal = new InputError("access must be allowed");
  const store: ObjectStore = {
    ...open,
    info: (key) => open.info(key).catch(() => Promise.reject(refusal)),
  };

  test("says of a pattern and of a folder that they are forbidden, which are listed", async () => {
    expect(await keys(store, "own/data/*.csv")).toEqual(["own/data/a.csv", "own/data/b.csv"]);
    expect(await keys(store, "own/data")).toEqual(["own/data/a.csv", "own/data/b.csv"]);
  });

  test("is told of where there is nothing", async () => {
    await expect(keys(store, "own/data/c.csv")).rejects.toBe(refusal);
    await expect(keys(store, "own/data/*.parquet")).rejects.toBe(refusal);
  });
});

const keys = async (store: ObjectStore, ...patterns: string[]) =>
  (await listSource(store, patterns, undefined)).objects.map(({ key }) => key);

describe("patterns", () => {
  const store = storeOf({
    "data/part-10.csv": "a",
    "data/part-2.csv": "a",
    "data/part-02.csv": "a",
    "data/deep/part-3.csv": "a",
    "data/_SUCCESS": "",
    "data/_temporary/part-4.csv": "a",
    "data/.part-2.csv.crc": "a",
    "data/part-2.csv.crc": "a",
    "data/empty.csv": "",
    "other.csv": "a",
  });

  test.each([
    ["a key", ["data/part-2.csv"], ["data/part-2.csv"]],
    ["a leading ./", ["./other.csv"], ["other.csv"]],
    ["a glob, in natural order", ["data/part-*.csv"], ["data/part-02.csv", "data/part-2.csv", "data/part-10.csv"]],
    ["one of two characters", ["data/part-[0-9].csv"], ["data/part-2.csv"]],
    ["? and {}", ["data/part-{2,1?}.csv"], ["data/part-2.csv", "data/part-10.csv"]],
    ["**", ["data/**/part-[0-9].csv"], ["data/deep/part-3.csv", "data/part-2.csv"]],
    ["a prefix", ["data/"], ["data/deep/part-3.csv", "data/part-02.csv", "data/part-2.csv", "data/part-10.csv"]],
    ["a prefix without its slash", ["data/deep"], ["data/deep/part-3.csv"]],
    ["several patterns, each object once", ["other.csv", "data/part-10.csv", "data/part-1*"], ["data/part-10.csv", "other.csv"]],
    ["a key that is hidden, when named", ["data/_temporary/part-4.csv"], ["data/_temporary/part-4.csv"]],
    ["a hidden folder, when named", ["data/_temporary/*"], ["data/_temporary/part-4.csv"]],
  ])("%s", async (_, patterns, expected) => {
    expect(await keys(store, ...patterns)).toEqual(expected);
  });

  test.each([
    [
      "data/*.tsv",
      "data.path must name at least one object with data, got none for data/*.tsv (there: data/_SUCCESS (empty), data/deep/part-3.csv, data/empty.csv (empty), data/part-02.csv, data/part-10.csv)",
    ],
    [
      "data/none.csv",
      "data.path must name at least one object with data, got none for data/none.csv (there: data/deep/part-3.csv, data/empty.csv, data/part-02.csv, data/part-10.csv, data/part-2.csv)",
    ],
    ["nowhere/", "data.path must name at least one object with data, got none for nowhere/ (there: nothing)"],
    ["data/empty.csv", "data.path data/empty.csv must hold data, got an empty object"],
  ])("%s is refused", async (pattern, message) => {
    await expect(listSource(store, [pattern], undefined)).rejects.toThrow(new InputError(message));
  });

  test("no pattern is refused", async () => {
    await expect(listSource(store, [], undefined)).rejects.toThrow(new InputError("data.path must name at least one object, got none"));
  });
});

describe("formats", () => {
  const store = storeOf({ "a.csv": "x", "a.tsv.gz": "x", "a.parquet": "x", "a.PQ": "x", plain: "x,y", magic: "PAR1…", "a.gz": "x" });

  test.each([
    ["a.csv", "csv", false],
    ["a.tsv.gz", "csv", true],
    ["a.gz", "csv", true],
    ["a.parquet", "parquet", false],
    ["a.PQ", "parquet", false],
    ["plain", "csv", false],
    ["magic", "parquet", false],
  ])("%s is %s, gzip %s", async (key, format, gzip) => {
    const listed = await listSource(store, [key], undefined);
    expect([listed.format, listed.objects[0].gzip]).toEqual([format, gzip]);
  });

  test("the given format overrules", async () => {
    expect((await listSource(store, ["plain"], "parquet")).format).toBe("parquet");
  });

  test("two formats are refused", async () => {
    const message = "data.path must name objects of one format, got a.csv (csv) and a.parquet (parquet) (narrow the pattern)";
    await expect(listSource(store, ["a.csv", "a.parquet"], undefined)).rejects.toThrow(new InputError(message));
  });
});

describe("byteSource", () => {
  test("reads ranges, also past the end", async () => {
    const source = byteSource(storeOf({ k: "0123456789" }), { key: "k", size: 10, etag: "1" });
    expect(Buffer.from(await source.read(7, 20)).toString()).toBe("789");
  });

  test("an object that has shrunk since it was listed is refused", async () => {
    const source = byteSource(storeOf({ k: "01234" }), { key: "k", size: 10, etag: "1" });
    await expect(source.read(3, 8)).rejects.toThrow(
      new InputError(
        "k must not change while it is read, got fewer bytes (2 of 5 at byte 3) than it was listed with; start again once it is complete, and give new content a new name",
      ),
    );
  });

  test("so is one of the same size with another content", async () => {
    const store = memoryStore();
    const text = (value: string) => new TextEncoder().encode(value);
    await store.write("k", text("0123456789"));
    const source = byteSource(store, await store.info("k"));
    expect(await source.read(0, 3)).toEqual(text("012"));
    await store.write("k", text("9876543210"));
    await expect(source.read(0, 3)).rejects.toThrow(
      new InputError(
        "k must not change while it is read, got another content than it was listed with; start again once it is complete, and give new content a new name",
      ),
    );
  });

  test("so is one that has gone", async () => {
    const source = byteSource(storeOf({}), { key: "k", size: 10, etag: "1" });
    await expect(source.read(3, 8)).rejects.toThrow(
      new InputError("k must be there while it is read, got nothing: it was moved or deleted after it was listed"),
    );
  });
});
