/** Keeps values up to a number of bytes, the least recently used leaving first. A lost value is made again from the store, to the same bits. */
export interface Cache<T> {
  get(key: string): T | undefined;
  put(key: string, value: T, bytes: number): void;
  readonly hits: number;
  readonly misses: number;
  readonly bytes: number;
}

export function createCache<T>(budgetBytes: number): Cache<T> {
  const entries = new Map<string, { value: T; bytes: number }>();
  const state = { hits: 0, misses: 0, bytes: 0 };
  const drop = (key: string): void => {
    state.bytes -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
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
      for (const oldest of entries.keys()) {
        if (state.bytes <= budgetBytes) break;
        drop(oldest);
      }
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
