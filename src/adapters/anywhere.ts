/** The files of this machine and the objects of S3 as one store, for runs here on data that lies there. */
import type { ObjectStore } from "../ports/object-store.ts";
import { machineFiles } from "./local/file-store.ts";

/** Keys `s3://bucket/key` are S3's; others are absolute paths of files. The SDK is loaded with the first key that needs it. */
export function anywhere(): ObjectStore {
  const files = machineFiles();
  let root: Promise<ObjectStore> | undefined;
  const at = (key: string): ObjectStore | Promise<ObjectStore> => {
    if (!key.startsWith("s3://")) return files;
    root ??= import("./aws/s3-store.ts").then(({ s3Root }) => s3Root());
    return root;
  };
  return {
    read: async (key, ...range) => (await at(key)).read(key, ...range),
    write: async (key, ...content) => (await at(key)).write(key, ...content),
    info: async (key) => (await at(key)).info(key),
    nameOf: (key) => key,
    async *list(prefix) {
      yield* (await at(prefix)).list(prefix);
    },
  };
}
