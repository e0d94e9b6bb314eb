import { createLookUp, type LookUp, type LookUpKernels } from "./lookup.ts";

/** Working memory that one cut uses for page after page. What a method answers holds until its next call. */
export interface Scratch {
  readonly lookUp: LookUp;
  bytes(length: number): Uint8Array;
  indexes(length: number): Uint32Array;
  flags(length: number): Uint8Array;
}

export function createScratch(k: LookUpKernels): Scratch {
  let bytes = new Uint8Array(0);
  let indexes = new Uint32Array(0);
  let flags = new Uint8Array(0);
  return {
    lookUp: createLookUp(k),
    bytes(length) {
      if (bytes.length < length) bytes = new Uint8Array(roomy(length));
      return bytes.subarray(0, length);
    },
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
