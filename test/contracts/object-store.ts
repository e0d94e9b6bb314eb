/** What every ObjectStore must do; each adapter's test calls this with its own store. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConflictError, InputError, NotFoundError } from "../../src/ports/errors.ts";
import type { ObjectInfo, ObjectStore } from "../../src/ports/object-store.ts";

const text = (value: string) => new TextEncoder().encode(value);
const read = async (store: ObjectStore, key: string, ...range: number[]) => new TextDecoder().decode(await store.read(key, ...range));

/** Everything that a store lists under a prefix. */
export async function listed(store: ObjectStore, prefix: string): Promise<ObjectInfo[]> {
  const infos: ObjectInfo[] = [];
  for await (const info of store.list(prefix)) infos.push(info);
  return infos;
}

export function objectStoreContract(open: () => Promise<{ store: ObjectStore; close(): Promise<void> }>): void {
  let store: ObjectStore;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, close } = await open());
  });
  afterAll(() => close());

  describe("reading", () => {
    it("gives back the bytes that were written, and none of later changes to the buffer", async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await store.write("read/bytes", bytes);
      bytes.fill(7);
      expect(await store.read("read/bytes")).toEqual(Uint8Array.from({ length: 256 }, (_, i) => i));
    });

    it("answers bytes that views of eight bytes can lie on", async () => {
      await store.write("read/aligned", new Uint8Array(new Float64Array([1.5, -2]).buffer));
      const bytes = await store.read("read/aligned");
      expect([...new Float64Array(bytes.buffer, bytes.byteOffset, 2)]).toEqual([1.5, -2]);
    });

    it("cuts ranges at their start, before their end, and at the object's end", async () => {
      await store.write("read/range", text("0123456789"));
      expect(await read(store, "read/range", 0, 4)).toBe("0123");
      expect(await read(store, "read/range", 4)).toBe("456789");
      expect(await read(store, "read/range", 8, 100)).toBe("89");
      expect(await read(store, "read/range", 10, 20)).toBe("");
      expect(await read(store, "read/range", 30, 40)).toBe("");
      expect(await read(store, "read/range", 5, 5)).toBe("");
    });

    it("refuses ranges that are none", async () => {
      await store.write("read/range", text("0123456789"));
      for (const [start, end] of [
        [-1, 3],
        [3, 2],
        [0.5, 2],
        [Number.NaN, 2],
        [0, Number.NaN],
      ]) {
        await expect(store.read("read/range", start, end)).rejects.toThrow(InputError);
      }
    });

    it("answers in memory that it is lent or in its own, and never more than there is", async () => {
      await store.write("read/range", text("0123456789"));
      const room = new Uint8Array(6).fill(7);
      expect(new TextDecoder().decode(await store.read("read/range", 2, 6, room))).toBe("2345");
      expect(new TextDecoder().decode(await store.read("read/range", 8, 12, room))).toBe("89");
      expect(new TextDecoder().decode(await store.read("read/range", 1, 9, room))).toBe("12345678");
      expect(await store.read("read/range", 10, 14, room)).toHaveLength(0);
      expect(new TextDecoder().decode(await store.read("read/range", undefined, undefined, room))).toBe("0123456789");
    });

    it("answers while the object carries the etag that it must have, and not a byte of another", async () => {
      const etag = await store.write("read/etag", text("0123456789"));
      const room = new Uint8Array(4);
      expect(new TextDecoder().decode(await store.read("read/etag", 2, 6, room, etag))).toBe("2345");
      expect(new TextDecoder().decode(await store.read("read/etag", undefined, undefined, undefined, etag))).toBe("0123456789");
      expect(await store.read("read/etag", 3, 3, undefined, etag)).toHaveLength(0);
      await store.write("read/etag", text("9876543210"));
      await expect(store.read("read/etag", 2, 6, room, etag)).rejects.toThrow(ConflictError);
      await expect(store.read("read/etag", 3, 3, undefined, etag)).rejects.toThrow(ConflictError);
      await expect(store.read("read/no-etag", 2, 6, room, etag)).rejects.toThrow(NotFoundError);
    });

    it("joins the pieces that an object is written in", async () => {
      const pieces = Array.from({ length: 3_000 }, (_, i) => new Uint8Array(i % 5).fill(i % 251));
      await store.write("read/pieces", pieces);
      expect(await store.read("read/pieces")).toEqual(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
      await store.write("read/pieces", [new Uint8Array(0)]);
      await store.write("read/pieces", []);
      expect(await store.read("read/pieces")).toHaveLength(0);
    });

    it("has a name for an object that ends in its key", () => {
      expect(store.nameOf("read/range")).toMatch(/read\/range$/);
    });

    it("keeps an object without bytes", async () => {
      await store.write("read/empty", new Uint8Array(0));
      expect(await store.read("read/empty")).toHaveLength(0);
      expect((await store.info("read/empty")).size).toBe(0);
    });

    it("names a missing object", async () => {
      await expect(store.read("read/nothing")).rejects.toThrow(NotFoundError);
      await expect(store.info("read/nothing")).rejects.toThrow(NotFoundError);
      await expect(store.read("read/range/below-an-object")).rejects.toThrow(NotFoundError);
      // A folder of objects is no object.
      await expect(store.read("read")).rejects.toThrow(NotFoundError);
      await expect(store.info("read")).rejects.toThrow(NotFoundError);
    });
  });

  describe("writing", () => {
    it("answers the etag that info and list tell, another one for every content", async () => {
      const etags = new Set<string>();
      for (const content of ["aa", "ab", "ba", "aa "]) {
        const etag = await store.write("etag/one", text(content));
        expect(await store.info("etag/one")).toEqual({ key: "etag/one", size: content.length, etag });
        expect(await listed(store, "etag/")).toEqual([{ key: "etag/one", size: content.length, etag }]);
        etags.add(etag);
      }
      expect(etags.size).toBe(4);
    });

    it("tells rewrites of the same size in quick succession apart", async () => {
      const etags = new Set<string>();
      for (let i = 0; i < 50; i++) etags.add(await store.write("etag/quick", text(`${i % 10}`)));
      // Equal contents may share an etag (S3's is their digest); ten differ.
      expect(etags.size).toBeGreaterThanOrEqual(10);
      const before = await store.write("etag/quick", text("x"));
      const after = await store.write("etag/quick", text("y"));
      expect(after).not.toBe(before);
    });

    it("creates only what is absent", async () => {
      await store.write("absent/key", text("first"), "absent");
      await expect(store.write("absent/key", text("second"), "absent")).rejects.toThrow(ConflictError);
      expect(await read(store, "absent/key")).toBe("first");
    });

    it("replaces only what still has the etag", async () => {
      const first = await store.write("swap/key", text("first"));
      const second = await store.write("swap/key", text("second"), { etag: first });
      await expect(store.write("swap/key", text("third"), { etag: first })).rejects.toThrow(ConflictError);
      expect(await read(store, "swap/key")).toBe("second");
      await store.write("swap/key", text("third"), { etag: second });
      expect(await read(store, "swap/key")).toBe("third");
    });

    it("takes a missing object for one with another etag", async () => {
      const etag = await store.write("swap/there", text("x"));
      await expect(store.write("swap/nowhere", text("y"), { etag })).rejects.toThrow(ConflictError);
    });

    it("lets exactly one of many creators win", async () => {
      const tries = await Promise.allSettled(
        Array.from({ length: 40 }, (_, i) => store.write("race/create", text(`writer ${i}`), "absent")),
      );
      const winners = tries.flatMap((result, i) => (result.status === "fulfilled" ? [i] : []));
      expect(winners).toHaveLength(1);
      for (const result of tries) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(ConflictError);
      expect(await read(store, "race/create")).toBe(`writer ${winners[0]}`);
    });

    it("loses no increment of many writers", async () => {
      await store.write("race/count", text("0"));
      const increment = async () => {
        for (;;) {
          const { etag } = await store.info("race/count");
          const next = Number(await read(store, "race/count")) + 1;
          try {
            return await store.write("race/count", text(`${next}`), { etag });
          } catch (error) {
            if (!(error instanceof ConflictError)) throw error;
          }
        }
      };
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          for (let i = 0; i < 5; i++) await increment();
        }),
      );
      expect(await read(store, "race/count")).toBe("20");
    });

    it("shows readers one whole content or another", async () => {
      const contents = ["a", "b", "c", "d"].map((letter) => letter.repeat(200_000));
      await store.write("whole/key", text(contents[0]));
      const seen: string[] = [];
      const writing = (async () => {
        for (let i = 0; i < 40; i++) await store.write("whole/key", text(contents[i % 4]));
      })();
      for (let i = 0; i < 40; i++) seen.push(await read(store, "whole/key"));
      await writing;
      for (const content of seen) expect(contents.includes(content)).toBe(true);
    });
  });

  describe("keys", () => {
    const strange = [
      "with space",
      "plus+sign",
      "ampersand&hash#question?",
      "é",
      "e\u0301",
      "percent%20",
      "quote'\"",
      "日本/語",
      "dots..in.name",
      "~tilde",
      "a=b,c;d",
      "😀",
    ];

    it.each(strange)("keeps %s as it is", async (name) => {
      const key = `strange/${name}`;
      await store.write(key, text(name));
      expect(await read(store, key)).toBe(name);
      expect((await store.info(key)).key).toBe(key);
      expect((await listed(store, key)).map((info) => info.key)).toEqual([key]);
    });

    it.each(["", "/", "/absolute", "../up", "a/../../up", "a/..", "..", ".", "./a", "a/./b", "a//b", "folder/", "nul\0", "back\\slash"])(
      "refuses %j everywhere",
      async (key) => {
        await expect(store.write(key, text("x"))).rejects.toThrow(InputError);
        await expect(store.read(key)).rejects.toThrow(InputError);
        await expect(store.info(key)).rejects.toThrow(InputError);
      },
    );
  });

  describe("listing", () => {
    it("goes by the bytes of the whole key, across folders", async () => {
      // "-" and "." sort before "/", "0" behind it; U+FF5E is EF BD 9E in UTF-8 and F0 begins the emoji, while UTF-16 has them the other way.
      const keys = [
        "order/a-b",
        "order/a.b",
        "order/a/b",
        "order/a/c",
        "order/a0",
        "order/B",
        "order/é",
        "order/～",
        "order/😀",
        "order/ab/a",
      ];
      for (const key of keys) await store.write(key, text(key));
      const expected = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect((await listed(store, "order/")).map((info) => info.key)).toEqual(expected);
    });

    it("takes the prefix as text, not as a folder", async () => {
      for (const key of ["prefix/part-1", "prefix/part-10", "prefix/part/2", "prefix/other"]) await store.write(key, text("x"));
      const keys = async (prefix: string) => (await listed(store, prefix)).map((info) => info.key);
      expect(await keys("prefix/part")).toEqual(["prefix/part-1", "prefix/part-10", "prefix/part/2"]);
      expect(await keys("prefix/part-1")).toEqual(["prefix/part-1", "prefix/part-10"]);
      expect(await keys("prefix/part/")).toEqual(["prefix/part/2"]);
      expect(await keys("prefix/none")).toEqual([]);
      expect(await keys("none/at/all")).toEqual([]);
    });

    it("lists everything for the empty prefix", async () => {
      await store.write("zz-last", text("x"));
      const keys = (await listed(store, "")).map((info) => info.key);
      expect(keys.at(-1)).toBe("zz-last");
      expect(keys).toContain("prefix/part/2");
    });
  });
}
