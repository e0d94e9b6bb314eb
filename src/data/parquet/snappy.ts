/** Snappy's raw format, by a kernel (src/kernels/assembly/snappy.ts). */
import type { PageMemory } from "./memory.ts";

/** A whole Snappy block in page memory, uncompressed. Throws RangeError when the block is damaged or does not give exactly `size` bytes. */
export function decompressSnappy(block: Uint8Array, size: number, memory: PageMemory): Uint8Array {
  const [at, out] = memory.claim(block.length, size);
  memory.bytes(at, block.length).set(block);
  if (!memory.kernels.uncompressSnappy(at, at + block.length, out, size)) throw new RangeError("damaged snappy block");
  return memory.bytes(out, size);
}
