import { describe, expect, it } from "vitest";
import { createHedge } from "../../../src/adapters/aws/hedge.ts";
import { s3Bucket, s3Root } from "../../../src/adapters/aws/s3-store.ts";
import { ConflictError, InputError, NotFoundError, TransientError } from "../../../src/ports/errors.ts";
import { listed, objectStoreContract } from "../../contracts/object-store.ts";
import { fakeS3, inTheWay, refused, slowDown } from "../../helpers/fake-s3.ts";

const MiB = 2 ** 20;
const bytesOf = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 4_099) bytes[i] = (i * 7) % 251;
  return bytes;
};
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe("s3Bucket", () => {
  objectStoreContract(async () => {
    const { client } = fakeS3();
    return { store: s3Bucket("own", "some/prefix/", { client }), close: async () => client.destroy() };
  });

  it("keeps to its prefix", async () => {
    const { client, objects } = fakeS3();
    const store = s3Bucket("own", "runs/", { client });
    await store.write("a", bytesOf(3));
    await s3Bucket("own", "", { client }).write("elsewhere", bytesOf(3));
    expect([...objects.keys()]).toEqual(["own/runs/a", "own/elsewhere"]);
    expect((await listed(store, "")).map(({ key }) => key)).toEqual(["a"]);
  });
});

describe("s3Root", () => {
  it("takes a bucket and a key, with or without the scheme, and lists them as they were asked for", async () => {
    const { client, objects } = fakeS3();
    const store = s3Root({ client });
    await store.write("s3://first/data/a.csv", bytesOf(2));
    await store.write("second/data/b.csv", bytesOf(2));
    expect([...objects.keys()]).toEqual(["first/data/a.csv", "second/data/b.csv"]);
    expect((await listed(store, "s3://first/data/")).map(({ key }) => key)).toEqual(["s3://first/data/a.csv"]);
    expect((await listed(store, "first/")).map(({ key }) => key)).toEqual(["first/data/a.csv"]);
    expect((await store.info("s3://second/data/b.csv")).size).toBe(2);
  });

  it("takes any key that S3 does, and leaves out the folders that the console makes", async () => {
    const { client, objects } = fakeS3();
    const store = s3Root({ client });
    const keys = ["a//b.csv", "back\\slash", "./dot", "%20", "+ é"].map((key) => `s3://bucket/${key}`);
    for (const key of keys) await store.write(key, bytesOf(1));
    objects.set("bucket/folder/", { bytes: new Uint8Array(0), etag: '"x"', meta: {} });
    expect((await listed(store, "s3://bucket/")).map(({ key }) => key)).toEqual(
      keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });

  it("finds no object in a bucket's name, and refuses what is none", async () => {
    const { client } = fakeS3();
    const store = s3Root({ client });
    await expect(store.info("s3://bucket")).rejects.toThrow(NotFoundError);
    await expect(store.read("s3://Not A Bucket/key")).rejects.toThrow("a place in S3 must be s3://bucket/key");
    expect(await listed(store, "s3://")).toEqual([]);
  });
});

describe("large objects", () => {
  it("are written and read in parts, with conditions", async () => {
    const { client, requests, uploads } = fakeS3();
    const store = s3Bucket("own", "", { client });
    const bytes = bytesOf(17 * MiB + 5);
    const pieces = [bytes.subarray(0, 3), bytes.subarray(3, 12 * MiB), bytes.subarray(12 * MiB)];
    const etag = await store.write("big", pieces, "absent");
    expect(requests.filter(({ query }) => "partNumber" in query)).toHaveLength(3);
    expect(requests.every(({ query, headers }) => !("partNumber" in query) || "x-amz-checksum-crc32" in headers)).toBe(true);
    expect(await store.info("big")).toEqual({ key: "big", size: bytes.length, etag });
    expect(same(await store.read("big"), bytes)).toBe(true);
    expect(same(await store.read("big", 7, 14 * MiB), bytes.subarray(7, 14 * MiB))).toBe(true);
    const room = new Uint8Array(17 * MiB);
    const lent = await store.read("big", 16 * MiB, 33 * MiB, room);
    expect(same(lent, bytes.subarray(16 * MiB)) && lent.buffer === room.buffer).toBe(true);
    await expect(store.write("big", pieces, "absent")).rejects.toThrow(ConflictError);
    await expect(store.write("big", pieces, { etag: '"other"' })).rejects.toThrow(ConflictError);
    await expect(store.write("nothing", pieces, { etag })).rejects.toThrow(ConflictError);
    expect(await store.write("big", pieces, { etag })).toBe(etag);
    expect(uploads.size).toBe(0);
  });

  it("are read of one content while they are replaced", async () => {
    const contents = [bytesOf(20 * MiB), bytesOf(20 * MiB).fill(9)];
    let gets = 0;
    const { client, objects } = fakeS3(({ method }, answer) => {
      const given = answer();
      // Behind the first piece of the first try the object becomes another.
      if (method === "GET" && ++gets === 1) objects.set("own/big", { bytes: contents[1], etag: '"other"', meta: {} });
      return given;
    });
    const store = s3Bucket("own", "", { client });
    await store.write("big", contents[0]);
    expect(same(await store.read("big"), contents[1])).toBe(true);
    expect(gets).toBeGreaterThan(3);
  });
});

describe("faults", () => {
  it("are tried again: 503, broken connections before and inside an answer", async () => {
    let faults = 0;
    const { client, requests } = fakeS3(({ method }, answer) => {
      if (method !== "GET" || faults === 3) return undefined;
      faults += 1;
      if (faults === 1) return slowDown();
      if (faults === 2) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      return { ...answer(), breakAfter: 1_000 };
    });
    const store = s3Bucket("own", "", { client });
    const bytes = bytesOf(200_000);
    await store.write("key", bytes);
    expect(same(await store.read("key"), bytes)).toBe(true);
    expect(requests.filter(({ method }) => method === "GET")).toHaveLength(4);
  });

  it("end in TransientError where they last", async () => {
    const { client } = fakeS3(() => slowDown(), { maxAttempts: 1 });
    const store = s3Bucket("own", "", { client });
    await expect(store.info("key")).rejects.toThrow(TransientError);
    await expect(store.write("key", bytesOf(1))).rejects.toThrow(/s3:\/\/own\/key must be reachable/);
  });

  it("call objects by their URI", () => {
    const { client } = fakeS3();
    expect(s3Bucket("own", "some/", { client }).nameOf("runs/r/plan.json")).toBe("s3://own/some/runs/r/plan.json");
    expect(s3Root({ client }).nameOf("s3://other/data.csv")).toBe("s3://other/data.csv");
  });

  it("name the permission that is missing", async () => {
    const { client } = fakeS3(() => refused());
    const store = s3Root({ client });
    await expect(store.read("s3://other/data.csv")).rejects.toThrow(InputError);
    await expect(store.read("s3://other/data.csv")).rejects.toThrow("it needs s3:GetObject on arn:aws:s3:::other/data.csv");
    await expect(store.write("s3://other/data.csv", bytesOf(1))).rejects.toThrow("it needs s3:PutObject on arn:aws:s3:::other/data.csv");
    await expect(listed(store, "s3://other/data")).rejects.toThrow("it needs s3:ListBucket on arn:aws:s3:::other");
  });

  it("tell of keys that may not be used, of clocks that are wrong, and why a HEAD without a body was refused", async () => {
    const answering = (status: number, code: string, message: string) => {
      const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
      const { client } = fakeS3(({ method }) => (method === "HEAD" ? { status } : { status, body }), { maxAttempts: 1 });
      return s3Root({ client });
    };
    const denied = answering(403, "AccessDenied", "not authorized to perform: kms:Decrypt on this resource");
    await expect(denied.read("s3://own/a")).rejects.toThrow("the key that encrypts s3://own/a must let who asks use it, got AccessDenied");
    const disabled = answering(400, "KMS.DisabledException", "the key is disabled");
    await expect(disabled.write("s3://own/a", bytesOf(1))).rejects.toThrow("got KMS.DisabledException: the key is disabled");
    const skewed = answering(403, "RequestTimeTooSkewed", "the difference is too large");
    await expect(skewed.read("s3://own/a")).rejects.toThrow("the clock of this machine must be right");
    const expired = answering(400, "ExpiredToken", "the provided token has expired");
    await expect(expired.info("s3://own/a")).rejects.toThrow("AWS credentials must be valid, got ExpiredToken; sign in again");
  });

  it("a write whose answer was lost is known again by its next try", async () => {
    let lost = 0;
    const { client, objects } = fakeS3(({ method }, answer) => {
      if (method !== "PUT" || lost === 1) return undefined;
      answer();
      lost += 1;
      return slowDown();
    });
    const store = s3Bucket("own", "", { client });
    const etag = await store.write("key", bytesOf(10), "absent");
    expect(lost).toBe(1);
    expect(objects.get("own/key")?.etag).toBe(etag);
    await expect(store.write("key", bytesOf(10), "absent")).rejects.toThrow(ConflictError);
  });

  it("writes again what another write was in the way of", async () => {
    let conflicts = 0;
    const { client } = fakeS3(({ method, query }) => {
      const isWrite = method === "PUT" || (method === "POST" && "uploadId" in query);
      return isWrite && !("partNumber" in query) && ++conflicts % 2 === 1 ? inTheWay() : undefined;
    });
    const store = s3Bucket("own", "", { client });
    await store.write("key", bytesOf(10), "absent");
    await store.write("big", bytesOf(17 * MiB), "absent");
    expect(conflicts).toBe(4);
  });

  it("refuse another object than the one that is asked for, at once and in any piece", async () => {
    const { client, requests } = fakeS3();
    const store = s3Bucket("own", "", { client });
    const etag = await store.write("big", bytesOf(17 * MiB));
    expect(same(await store.read("big", 0, 17 * MiB, undefined, etag), bytesOf(17 * MiB))).toBe(true);
    await store.write("big", new Uint8Array(17 * MiB));
    const before = requests.length;
    await expect(store.read("big", 0, 17 * MiB, undefined, etag)).rejects.toThrow(
      new ConflictError(`object s3://own/big must still have the etag ${etag}, got another`),
    );
    await expect(store.read("big", 0, undefined, undefined, etag)).rejects.toThrow(ConflictError);
    // Three pieces, and the first of what is as long as it is.
    expect(requests.length - before).toBe(3 + 1);
    expect(requests.slice(before).every(({ headers }) => headers["if-match"] === etag)).toBe(true);
  });

  it("slow reads are sent twice, and the first answer counts", async () => {
    const given: string[] = [];
    let gets = 0;
    const { client } = fakeS3(async ({ method, signal }) => {
      if (method !== "GET" || ++gets !== 1) return undefined;
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          given.push("given up");
          reject(new Error("aborted"));
        });
      });
      return undefined;
    });
    const hedge = createHedge();
    const store = s3Bucket("own", "", { client, hedge, slowMillis: 20 });
    const bytes = bytesOf(5_000);
    await store.write("key", bytes);
    const room = new Uint8Array(5_000);
    expect(same(await store.read("key", 0, 5_000, room), bytes)).toBe(true);
    expect(hedge.seconds).toBe(1);
    expect(given).toEqual(["given up"]);
  });
});
