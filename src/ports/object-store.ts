/** What every place for objects must do: the file system, memory, S3. One contract suite (`test/contracts/object-store.ts`) runs on each. */

/** Replace whatever is there; only when nothing is there; only when the object still carries this etag. */
export type Condition = "always" | "absent" | { readonly etag: string };

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Changes whenever the content does. */
  readonly etag: string;
}

/** The bytes of an object, or pieces that make them up one after the other. */
export type Content = Uint8Array | readonly Uint8Array[];

export interface ObjectStore {
  /**
   * Bytes [startByte, endByte) of an object, or all of it. Shorter when the object ends before. NotFoundError. The answer may lie in
   * `into` where that has room for them: memory that the caller uses again. ConflictError when the object no longer carries the etag.
   */
  read(key: string, startByte?: number, endByte?: number, into?: Uint8Array, etag?: string): Promise<Uint8Array>;
  /** Whole or not at all; answers the new etag. ConflictError when the condition does not hold. */
  write(key: string, content: Content, condition?: Condition): Promise<string>;
  /** NotFoundError when there is no such object. */
  info(key: string): Promise<ObjectInfo>;
  /** What people call the object: an absolute path, a URI. */
  nameOf(key: string): string;
  /** Objects whose key starts with the prefix, in byte order of the keys. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
}
