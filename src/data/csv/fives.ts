/** The table that the number kernel (src/kernels/assembly/csv-number.ts) multiplies by. */

const LARGEST = 64;

let table: Uint8Array | undefined;

/**
 * The 128-bit significands of 5^-64 ... 5^64, little-endian: truncated, but rounded up from 5^-27 to 5^-1 (Lemire, "Number parsing at a
 * gigabyte per second", section 5).
 */
export function fivesTable(): Uint8Array {
  if (table !== undefined) return table;
  table = new Uint8Array((2 * LARGEST + 1) * 16);
  let five = 1n;
  for (let power = 0; power <= LARGEST; power++) {
    put(table, power, leading128(five));
    if (power > 0) {
      const reciprocal = (1n << BigInt(bits(five) + 127)) / five;
      put(table, -power, power <= 27 ? reciprocal + 1n : reciprocal);
    }
    five *= 5n;
  }
  return table;
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

/** The value shifted so that its first bit is the 128th. */
function leading128(value: bigint): bigint {
  const shift = 128 - bits(value);
  return shift >= 0 ? value << BigInt(shift) : value >> BigInt(-shift);
}

function put(bytes: Uint8Array, power: number, significand: bigint): void {
  const view = new DataView(bytes.buffer, 16 * (power + LARGEST));
  view.setBigUint64(0, significand & 0xffff_ffff_ffff_ffffn, true);
  view.setBigUint64(8, significand >> 64n, true);
}
