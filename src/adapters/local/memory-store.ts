import { ConflictError, NotFoundError } from "../../ports/errors.ts";
import type { Condition, ObjectInfo, ObjectStore } from "../../ports/object-store.ts";
import { byteOrder, checkKey, checkRange, otherEtag } from "./keys.ts";

interface Stored {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Objects in this process, for tests and rows in memory. Bytes are copied in and out. `keys`: all of them in byte order. */
export function memoryStore(): ObjectStore & { keys(): string[] } {
  const objects = new Map<string, Stored>();
  let writes = 0;

  function get(key: string): Stored {
    checkKey(key);
    const stored = objects.get(key);
    if (stored === undefined) throw new NotFoundError(`object ${key} must exist`);
    return stored;
  }

  const keys = () => [...objects.keys()].sort(byteOrder);
  const infoOf = (key: string): ObjectInfo => {
    const { bytes, etag } = get(key);
    return { key, size: bytes.length, etag };
  };

  return {
    keys,
    async read(key, startByte = 0, endByte = Number.POSITIVE_INFINITY, _into = undefined, etag = undefined) {
      checkRange(key, startByte, endByte);
      const found = get(key);
      if (etag !== undefined && found.etag !== etag) throw otherEtag(key, etag, found.etag);
      return found.bytes.slice(startByte, endByte);
    },
    async write(key, content, condition: Condition = "always") {
      checkKey(key);
      const found = objects.get(key)?.etag;
      if (condition === "absent" && found !== undefined) throw new ConflictError(`object ${key} must not exist yet`);
      if (typeof condition === "object" && condition.etag !== found) {
        throw otherEtag(key, condition.etag, found ?? "no object");
      }
      const etag = `${++writes}`;
      objects.set(key, { bytes: content instanceof Uint8Array ? content.slice() : joined(content), etag });
      return etag;
    },
    async info(key) {
      return infoOf(key);
    },
    nameOf: (key) => key,
    async *list(prefix) {
      for (const key of keys()) if (key.startsWith(prefix)) yield infoOf(key);
    },
  };
}
