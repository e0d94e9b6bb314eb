/** Values by their dictionary indexes, looked up by a kernel (src/kernels/assembly/hybrid.ts). */
import type { Kernels } from "../../kernels/kernels.ts";
import type { NumberValues } from "../columns.ts";
import { pointsBehind } from "./hybrid.ts";

export interface LookUpKernels extends Kernels {
  /** -1 when done, -2 when the bytes end too early, else an index that points behind the dictionary. */
  lookUpHybrid(cursor: number, count: number, table: number, entries: number, width: number, out: number): number;
}

/** The kernel's cursor is eight uint32: at, end, bitWidth, left, packed, index, from, bit. */
const CURSOR_BYTES = 32;
/** Values looked up at once: they stay in the second-level cache until they are copied out. */
const BLOCK_VALUES = 65_536;
/** What the kernel may read behind the indexes. */
const SPARE_BYTES = 8;

export interface LookUp {
  /** Takes the dictionary for the next reads. */
  open(entries: NumberValues): void;
  /** Room for a dictionary of so many entries, stored like `values`, to be filled before any other call; it is that of the next reads. */
  reserve(values: NumberValues, count: number): NumberValues;
  /** A copy of the dictionary, whose entries are stored like `values`. */
  entries(values: NumberValues): NumberValues;
  /** out[to + i] = entry of index i, for `count` indexes of `bitWidth` bits (0 to 32); `out` is stored as the entries are. RangeError. */
  read(bytes: Uint8Array, bitWidth: number, count: number, out: NumberValues, to: number): void;
}

/** The memory that it takes in the kernels is the caller's to release. */
export function createLookUp(k: LookUpKernels): LookUp {
  const start = k.mark();
  let table = 0;
  let entries = 0;
  let afterTable = start;

  const reserve = (values: NumberValues, count: number): NumberValues => {
    k.release(start);
    table = k.claim(count * values.BYTES_PER_ELEMENT);
    entries = count;
    afterTable = k.mark();
    return viewAs(values, k, table, count);
  };

  return {
    open: (dictionary) => reserve(dictionary, dictionary.length).set(dictionary),
    reserve,
    entries: (values) => viewAs(values, k, table, entries).slice(),
    read(bytes, bitWidth, count, out, to) {
      if (bitWidth > 32) throw new RangeError(`values of ${bitWidth} bits`);
      if (count === 0) return;
      const width = out.BYTES_PER_ELEMENT;
      k.release(afterTable);
      const cursor = k.claim(CURSOR_BYTES);
      const at = k.claim(bytes.length + SPARE_BYTES);
      const block = k.claim(BLOCK_VALUES * width);
      new Uint8Array(k.memory.buffer, at).set(bytes);
      // Indexes of no bits are one run of zeros.
      const left = bitWidth === 0 ? count : 0;
      new Uint32Array(k.memory.buffer, cursor, CURSOR_BYTES / 4).set([at, at + bytes.length, bitWidth, left, 0, 0, at, 0]);
      for (let done = 0; done < count; done += BLOCK_VALUES) {
        const values = Math.min(BLOCK_VALUES, count - done);
        const wrong = k.lookUpHybrid(cursor, values, table, entries, width, block);
        if (wrong === -2) throw new RangeError("runs end too early");
        if (wrong >= 0) throw pointsBehind(wrong, entries);
        out.set(viewAs(out, k, block, values), to + done);
      }
    },
  };
}

/** Kernel memory as an array of the same type. */
function viewAs(values: NumberValues, k: LookUpKernels, address: number, length: number): NumberValues {
  return new (values.constructor as Float64ArrayConstructor)(k.memory.buffer, address, length);
}
