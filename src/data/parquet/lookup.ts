/** Values by their dictionary indexes, looked up by a kernel (src/kernels/assembly/hybrid.ts). */
import type { NumberValues } from "../columns.ts";
import { pointsBehind } from "./hybrid.ts";
import { type PageMemory, viewAs } from "./memory.ts";

/** The kernel's cursor is eight uint32: at, end, bitWidth, left, packed, index, from, bit. */
const CURSOR_BYTES = 32;
/** Values looked up at once, as many as most pages have: they stay in the second-level cache until they are copied out. */
const BLOCK_VALUES = 32_768;
/** What looking up takes for itself. */
export const LOOK_UP_BYTES = CURSOR_BYTES + 8 * BLOCK_VALUES;

/**
 * out[to + i] = entry of index i in the memory's dictionary, for `count` indexes of `bitWidth` bits (0 to 32); `out` is stored as the
 * entries are. RangeError where bytes end too early or point behind the dictionary.
 */
export function lookUp(memory: PageMemory, indexes: Uint8Array, bitWidth: number, count: number, out: NumberValues, to: number): void {
  if (bitWidth > 32) throw new RangeError(`values of ${bitWidth} bits`);
  if (count === 0) return;
  const at = memory.place(indexes);
  const { kernels: k, work: cursor, table } = memory;
  const block = cursor + CURSOR_BYTES;
  const width = out.BYTES_PER_ELEMENT;
  // Indexes of no bits are one run of zeros.
  const left = bitWidth === 0 ? count : 0;
  new Uint32Array(k.memory.buffer, cursor, CURSOR_BYTES / 4).set([at, at + indexes.length, bitWidth, left, 0, 0, at, 0]);
  for (let done = 0; done < count; done += BLOCK_VALUES) {
    const values = Math.min(BLOCK_VALUES, count - done);
    const wrong = k.lookUpHybrid(cursor, values, table.address, table.entries, width, block);
    if (wrong === -2) throw new RangeError("runs end too early");
    if (wrong >= 0) throw pointsBehind(wrong, table.entries);
    out.set(viewAs(out, k, block, values), to + done);
  }
}
