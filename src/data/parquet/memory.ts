/**
 * Kernel memory for the dictionary of a chunk and, above it, one page at a time: a page is decompressed to where kernels read it. It grows in
 * `open` and `claim` only, which then detaches views made before.
 */
import type { NumberValues } from "../columns.ts";
import type { ParquetKernels } from "./kernel.ts";

/** What kernels may read or write behind the bytes of a page. */
const SPARE_BYTES = 16;
/** Of an entry in the widest storage. */
const ENTRY_BYTES = 8;

export interface PageMemory {
  readonly kernels: ParquetKernels;
  /** Address of what kernels that read pages take for themselves. */
  readonly work: number;
  /** The dictionary. */
  readonly table: { readonly address: number; readonly entries: number };
  /** Room for another dictionary of so many entries, which are whatever was there before. */
  open(entries: number): void;
  /** The dictionary's entries, stored like `values`. */
  entries(values: NumberValues): NumberValues;
  /** Addresses for so many bytes each, in place of those claimed before. */
  claim(...lengths: readonly number[]): number[];
  bytes(address: number, length: number): Uint8Array;
  /** Where bytes lie in kernel memory; what lies elsewhere is copied. */
  place(bytes: Uint8Array): number;
}

/** What it takes of the kernels' memory, `workBytes` of it for `work`, is the caller's to release. */
export function createPageMemory(kernels: ParquetKernels, workBytes: number): PageMemory {
  const work = kernels.claim(workBytes);
  const start = kernels.mark();
  let table = { address: start, entries: 0 };
  let above = start;
  const bytes = (address: number, length: number): Uint8Array => new Uint8Array(kernels.memory.buffer, address, length);
  const claim = (...lengths: readonly number[]): number[] => {
    kernels.release(above);
    return lengths.map((length) => kernels.claim(length + SPARE_BYTES));
  };
  return {
    kernels,
    work,
    get table() {
      return table;
    },
    open(entries) {
      kernels.release(start);
      table = { address: kernels.claim(entries * ENTRY_BYTES), entries };
      above = kernels.mark();
    },
    entries: (values) => viewAs(values, kernels, table.address, table.entries),
    claim,
    bytes,
    place(page) {
      if (page.buffer === kernels.memory.buffer) return page.byteOffset;
      const [address] = claim(page.length);
      bytes(address, page.length).set(page);
      return address;
    },
  };
}

/** Kernel memory as an array of the same type. */
export function viewAs(values: NumberValues, { memory }: ParquetKernels, address: number, length: number): NumberValues {
  return new (values.constructor as Float64ArrayConstructor)(memory.buffer, address, length);
}
