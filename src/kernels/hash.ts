/** MurmurHash3_x86_32 (A. Appleby, public domain): the same 32 bits as Spark's, guava's and scikit-learn's for the same bytes and seed. */

const utf8 = new TextEncoder();

/**
 * uint32 hash of the text's UTF-8 bytes; seed is taken modulo 2^32. Spark's HashingTF and FeatureHasher have seed 42.
 * A lone surrogate counts as U+FFFD.
 */
export function hashString(text: string, seed: number): number {
  const bytes = utf8.encode(text);
  const whole = bytes.length & ~3;
  let h = seed | 0;
  for (let i = 0; i < whole; i += 4) h = mix(h, bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
  let tail = 0;
  for (let i = bytes.length - 1; i >= whole; i--) tail = (tail << 8) | bytes[i];
  return finish(h ^ scramble(tail) ^ bytes.length);
}

/** uint32 hash of a row number, a whole number in [0, 2^53), as 8 little-endian bytes; the kernel `hashRows` gives the same. */
export function hashRow(seed: number, row: number): number {
  return finish(mix(mix(seed | 0, row | 0), (row / 4_294_967_296) | 0) ^ 8);
}

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

const scramble = (word: number): number => Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);

const mix = (h: number, word: number): number => (Math.imul(rotateLeft(h ^ scramble(word), 13), 5) + 0xe6546b64) | 0;

function finish(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
