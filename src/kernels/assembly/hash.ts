/**
 * MurmurHash3_x86_32 (A. Appleby, public domain) of a row number as 8 little-endian bytes. `hashRow` of `kernels/hash.ts` is its twin.
 */

/** out[i] = uint32 hash of (seed, first + i). Rows are whole numbers in [0, 2^53). */
export function hashRows(seed: u32, first: f64, n: i32, out: usize): void {
  let row = <u64>first;
  for (let i: usize = 0; i < <usize>n; i++) {
    store<u32>(out + 4 * i, hashOf(seed, row));
    row++;
  }
}

// @ts-ignore: decorator
@inline
export function hashOf(seed: u32, row: u64): u32 {
  return finish(mix(mix(seed, <u32>row), <u32>(row >> 32)) ^ 8);
}

/** The hashes of four rows below 2^32, in four lanes. */
// @ts-ignore: decorator
@inline
export function hashFour(seed: u32, rows: v128): v128 {
  const words = i32x4.mul(rotated(i32x4.mul(rows, i32x4.splat(0xcc9e2d51)), 15), i32x4.splat(0x1b873593));
  let h = stirred(v128.xor(i32x4.splat(seed), words));
  // The upper word is 0.
  h = v128.xor(stirred(h), i32x4.splat(8));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 16)), i32x4.splat(0x85ebca6b));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

// @ts-ignore: decorator
@inline
function rotated(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

// @ts-ignore: decorator
@inline
function stirred(h: v128): v128 {
  return i32x4.add(i32x4.mul(rotated(h, 13), i32x4.splat(5)), i32x4.splat(0xe6546b64));
}

// @ts-ignore: decorator
@inline
function mix(h: u32, word: u32): u32 {
  return rotl<u32>(h ^ (rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593), 13) * 5 + 0xe6546b64;
}

// @ts-ignore: decorator
@inline
function finish(h: u32): u32 {
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}
