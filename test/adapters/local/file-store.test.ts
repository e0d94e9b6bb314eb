import { mkdir, mkdtemp, open, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileStore, machineFiles } from "../../../src/adapters/local/file-store.ts";
import { ConflictError, InputError } from "../../../src/ports/errors.ts";
import { listed, objectStoreContract } from "../../contracts/object-store.ts";

const bytes = new Uint8Array([1, 2, 3]);
const keysOf = async (root: string, prefix = "") => (await listed(fileStore(root), prefix)).map((info) => info.key);

describe("fileStore", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "steplearn-"));
  });
  afterAll(() => rm(root, { recursive: true }));

  objectStoreContract(async () => ({ store: fileStore(join(root, "contract")), close: async () => {} }));

  it("leaves nothing but objects behind, also after lost races", async () => {
    const store = fileStore(join(root, "clean"));
    const etag = await store.write("a/b", bytes);
    await expect(store.write("a/b", bytes, "absent")).rejects.toThrow(ConflictError);
    await store.write("a/b", bytes, { etag });
    await expect(store.write("a/b", bytes, { etag })).rejects.toThrow(ConflictError);
    expect(await readdir(join(root, "clean/a"))).toEqual(["b"]);
  });

  it("tells the path and the reason where the file system refuses", async () => {
    const long = "x".repeat(300);
    const refusal = (verb: string) =>
      new InputError(`${join(root, "names", long)} must be a file that can be ${verb}, got a name that is too long`);
    await expect(fileStore(join(root, "names")).write(long, bytes)).rejects.toThrow(refusal("written"));
    await expect(fileStore(join(root, "names")).read(long)).rejects.toThrow(refusal("read"));
    expect(await readdir(join(root, "names"))).toEqual([]);
  });

  it("hides what a killed writer left and does not take such keys", async () => {
    const store = fileStore(join(root, "killed"));
    await store.write("a", bytes);
    await writeFile(join(root, "killed/.steplearn-left"), "half");
    expect(await keysOf(join(root, "killed"))).toEqual(["a"]);
    await expect(store.read(".steplearn-left")).rejects.toThrow(InputError);
  });

  it("breaks the lock of a process that died in it, and waits for one that lives", async () => {
    const store = fileStore(join(root, "locks"));
    const etag = await store.write("pointer", bytes);
    const lock = join(root, "locks/.steplearn-lock-pointer");
    await writeFile(lock, "");
    const waiting = store.write("pointer", bytes, { etag });
    expect(await Promise.race([waiting, new Promise((done) => setTimeout(done, 30, "waits"))])).toBe("waits");
    const tenSecondsAgo = Date.now() / 1_000 - 10;
    await utimes(lock, tenSecondsAgo, tenSecondsAgo);
    await waiting;
    expect(await readdir(join(root, "locks"))).toEqual(["pointer"]);
  });

  it("never gives two contents of one place the same etag, though they take turns in two inodes", async () => {
    const store = fileStore(join(root, "turns"));
    const etags = new Set<string>();
    for (let i = 0; i < 300; i++) etags.add(await store.write("key", new Uint8Array([i & 1])));
    expect(etags.size).toBe(300);
  });

  it("sees a change that keeps size and time", async () => {
    const store = fileStore(join(root, "swapped"));
    await store.write("a", new Uint8Array([1]));
    const { etag } = await store.info("a");
    await writeFile(join(root, "swapped/b"), new Uint8Array([2]));
    await utimes(join(root, "swapped/b"), 1, 1);
    await utimes(join(root, "swapped/a"), 1, 1);
    const old = (await store.info("a")).etag;
    expect(old).not.toBe(etag);
    expect((await store.info("b")).etag).not.toBe(old);
  });

  it("knows a file that is written in place, whoever writes it, with as many bytes", async () => {
    const at = join(root, "in-place");
    await mkdir(at, { recursive: true });
    await writeFile(join(at, "a"), "0123456789");
    const store = fileStore(at);
    const { etag } = await store.info("a");
    expect(await store.read("a", 0, 4, undefined, etag)).toHaveLength(4);
    const file = await open(join(at, "a"), "r+");
    await file.write("x", 5);
    await file.utimes(2, 2);
    await file.close();
    await expect(store.read("a", 0, 4, undefined, etag)).rejects.toThrow(ConflictError);
  });

  it("calls objects by their path, also in errors", async () => {
    const at = join(root, "named");
    const store = fileStore(at);
    expect(store.nameOf("a/b")).toBe(join(at, "a/b"));
    expect(machineFiles().nameOf("/a/b")).toBe("/a/b");
    await store.write("a", bytes);
    await expect(store.write("a/b", bytes)).rejects.toThrow(`${join(at, "a/b")} must be neither a folder nor below a file`);
  });

  it("refuses a key below an object and one that is a folder", async () => {
    const store = fileStore(join(root, "shapes"));
    await store.write("a/b", bytes);
    await expect(store.write("a/b/c", bytes)).rejects.toThrow(InputError);
    await expect(store.write("a", bytes)).rejects.toThrow(InputError);
    expect(await keysOf(join(root, "shapes"))).toEqual(["a/b"]);
  });

  it("follows links, but not in circles, and skips those that lead nowhere", async () => {
    const at = join(root, "links");
    await fileStore(at).write("real/file", bytes);
    await symlink(join(at, "real"), join(at, "linked"));
    await symlink(join(at, "real/file"), join(at, "copy"));
    await symlink(at, join(at, "real/circle"));
    await symlink(join(at, "nowhere"), join(at, "dangling"));
    expect(await keysOf(at)).toEqual(["copy", "linked/file", "real/file"]);
  });

  it("refuses prefixes that climb", async () => {
    await mkdir(join(root, "climb/below"), { recursive: true });
    for (const prefix of ["../", "a/../../", "/etc/", "./"]) {
      await expect(keysOf(join(root, "climb/below"), prefix)).rejects.toThrow(InputError);
    }
  });

  it("holds nothing where there is no folder", async () => {
    expect(await keysOf(join(root, "never"))).toEqual([]);
  });
});
