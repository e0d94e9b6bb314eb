import type { ParquetKernels } from "./kernel.ts";
import { LOOK_UP_BYTES } from "./lookup.ts";
import { createPageMemory, type PageMemory } from "./memory.ts";

/** Working memory that one cut uses for page after page. What a method answers holds until its next call. */
export interface Scratch {
  readonly memory: PageMemory;
  indexes(length: number): Uint32Array;
  flags(length: number): Uint8Array;
}

export function createScratch(k: ParquetKernels): Scratch {
  let indexes = new Uint32Array(0);
  let flags = new Uint8Array(0);
  return {
    memory: createPageMemory(k, LOOK_UP_BYTES),
    indexes(length) {
      if (indexes.length < length) indexes = new Uint32Array(roomy(length));
      return indexes.subarray(0, length);
    },
    flags(length) {
      if (flags.length < length) flags = new Uint8Array(roomy(length));
      return flags.subarray(0, length);
    },
  };
}

const roomy = (length: number): number => Math.ceil(length * 1.25);
