/** Keeps values up to a number of bytes, the least recently used leaving first. A lost value is made again from the store, to the same bits. */
export interface Cache<T> {
  get(key: string): T | undefined;
  put(key: string, value: T, bytes: number): void;
  /** What does not fit any more is dropped, least recently used first. */
  resize(budgetBytes: number): void;
  readonly hits: number;
  readonly misses: number;
  readonly bytes: number;
}

export function createCache<T>(initialBytes: number): Cache<T> {
  let budgetBytes = initialBytes;
  const entries = new Map<string, { value: T; bytes: number }>();
  const state = { hits: 0, misses: 0, bytes: 0 };
  const drop = (key: string): void => {
    state.bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  const shrink = (): void => {
    for (const oldest of entries.keys()) {
      if (state.bytes <= budgetBytes) break;
      drop(oldest);
    }
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) {
        state.misses += 1;
        return undefined;
      }
      state.hits += 1;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    put: (key, value, bytes) => {
      drop(key);
      if (bytes > budgetBytes) return;
      entries.set(key, { value, bytes });
      state.bytes += bytes;
      shrink();
    },
    resize: (bytes) => {
      budgetBytes = bytes;
      shrink();
    },
    get hits() {
      return state.hits;
    },
    get misses() {
      return state.misses;
    },
    get bytes() {
      return state.bytes;
    },
  };
}
