/**
 * exp in plain JavaScript, for hosts that must not compile kernels (a strict content security policy, an edge runtime): bit for bit that of
 * `kernels/assembly/math.ts`, whose comments name the sources. Only IEEE 754 basic operations, in the same order.
 */

const STEPS_PER_E = 184.6649652337873;
// log(2)/128; the first part has 35 bits, so that its product with any exponent in 128ths is exact.
const STEP_HIGH = 0.0054152123482253955;
const STEP_LOW = -1.0082281460997769e-13;
/** 1.5 * 2^52: adding it rounds to an integer. */
const TO_INTEGER = 6755399441055744;
/** Splits a float64 in two halves of 26 bits (Veltkamp). */
const SPLITTER = 134217729;

/** 2^(j/128) as high and low float64, for j in [0, 128): powers of the root, each product kept to twice the digits (Dekker). */
const powers = new Float64Array(2 * 128);
for (let j = 0, high = 1, low = 0; j < 128; j++) {
  powers[2 * j] = high;
  powers[2 * j + 1] = low;
  const [rootHigh, rootLow] = [1.0054299011128027, 9.499186535455032e-17];
  const [product, rest] = exactProduct(high, rootHigh);
  const error = rest + (high * rootLow + low * rootHigh);
  high = product + error;
  low = error - (high - product);
}

/** exp(x); NaN for NaN. */
export function exp(x: number): number {
  // Just outside what gives Infinity and 0.
  const bounded = x > 710 ? 710 : Math.max(x, -746);
  const steps = bounded * STEPS_PER_E + TO_INTEGER - TO_INTEGER;
  const r = bounded - steps * STEP_HIGH - steps * STEP_LOW;
  const place = 2 * (steps & 127);
  const p = r + r * r * (1 / 2 + r * (1 / 6) + r * r * (1 / 24 + r * (1 / 120)));
  const y = powers[place] + (powers[place + 1] + powers[place] * p);
  // Two factors, as 2^1024 and 2^-1076 are no float64: only the last product can round.
  const exponent = steps >> 7;
  const half = exponent >> 1;
  return y * powerOfTwo(half) * powerOfTwo(exponent - half);
}

function exactProduct(a: number, b: number): [product: number, rest: number] {
  const product = a * b;
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

function halves(x: number): [high: number, low: number] {
  const high = SPLITTER * x - (SPLITTER * x - x);
  return [high, x - high];
}

/** 2^n for n in [-1022, 1023], by its bits. */
function powerOfTwo(n: number): number {
  bits.setUint32(0, (1023 + n) << 20);
  return bits.getFloat64(0);
}

const bits = new DataView(new ArrayBuffer(8));
