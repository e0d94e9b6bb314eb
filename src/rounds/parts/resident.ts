/**
 * What a thread keeps of its parts in kernel memory between rounds: bins, and carries. It stays while there is room; what was not used in
 * this round or the last one leaves when room is needed; and what finds no room lives for one part only. A lost value is made again.
 */
import { createHeap, type Heap } from "../../kernels/heap.ts";

export interface Resident {
  readonly heap: Heap;
  readonly bytes: number;
  /** What may stay from here on. */
  resize(budgetBytes: number): void;
  /** A round begins. */
  round(number: number): void;
  /** A part is mapped: from here on names are its own, and what found no room before is given back. */
  open(part: string): void;
  /** The value of this name; null when there is none. */
  find<T>(name: string): T | null;
  /** The value of this name; when there is none, memory that `make` turns into one. */
  keep<T>(name: string, bytes: number, make: (address: number) => T): T;
}

interface Entry {
  readonly address: number;
  readonly bytes: number;
  readonly value: unknown;
  round: number;
}

/** Nothing may stay before `resize`; `onChange` is told how many bytes do. */
export function createResident(onChange: (bytes: number) => void): Resident {
  let heap: Heap | null = null;
  const entries = new Map<string, Entry>();
  let loose: number[] = [];
  const own = { bytes: 0, budget: 0, round: 0, part: "" };
  const opened = (): Heap => {
    heap ??= createHeap();
    return heap;
  };
  const drop = (name: string, { address, bytes }: Entry): void => {
    entries.delete(name);
    own.bytes -= bytes;
    onChange(own.bytes);
    opened().free(address);
  };
  const makeRoom = (bytes: number): boolean => {
    for (const [name, entry] of entries) {
      if (own.bytes + bytes <= own.budget) break;
      if (entry.round < own.round - 1) drop(name, entry);
    }
    return own.bytes + bytes <= own.budget;
  };
  const find = <T>(name: string): T | null => {
    const known = entries.get(`${own.part}/${name}`);
    if (known === undefined) return null;
    known.round = own.round;
    return known.value as T;
  };
  return {
    get heap() {
      return opened();
    },
    get bytes() {
      return own.bytes;
    },
    resize(budgetBytes) {
      own.budget = budgetBytes;
    },
    round(number) {
      // A run that begins has nothing of the one before.
      if (number < own.round) for (const [name, entry] of entries) drop(name, entry);
      own.round = number;
    },
    open(part) {
      own.part = part;
      for (const address of loose) opened().free(address);
      loose = [];
    },
    find,
    keep(name, bytes, make) {
      const known = find<ReturnType<typeof make>>(name);
      if (known !== null) return known;
      const full = `${own.part}/${name}`;
      const kept = makeRoom(bytes);
      const address = opened().allocate(bytes);
      const value = make(address);
      if (!kept) loose.push(address);
      else {
        entries.set(full, { address, bytes, value, round: own.round });
        own.bytes += bytes;
        onChange(own.bytes);
      }
      return value;
    },
  };
}
