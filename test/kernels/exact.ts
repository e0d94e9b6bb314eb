/** Elementary functions to 300 bits, in fixed-point BigInt by power series: an oracle that shares nothing with the kernels. */

/** m * 2^-BITS */
type Fixed = bigint;

/** mantissa * 2^exponent */
export interface Exact {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const BITS = 400;
const ONE: Fixed = 1n << BigInt(BITS);

/** The float64 itself, bits below 2^-BITS cut off. */
function fixed(x: number): Fixed {
  const { mantissa, exponent } = parts(x);
  const shift = exponent + BITS;
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift);
}

/** x as a whole number of its last places; a subnormal's last place is 2^-1074. */
function parts(x: number): Exact {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0];
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: x < 0 ? -mantissa : mantissa, exponent: Math.max(biased, 1) - 1075 };
}

const multiply = (a: Fixed, b: Fixed): Fixed => (a * b) >> BigInt(BITS);
const divide = (a: Fixed, b: Fixed): Fixed => (a << BigInt(BITS)) / b;

/** 2 atanh(t) = log((1 + t) / (1 - t)) for |t| <= 1/3 */
function logOfRatio(t: Fixed): Fixed {
  const square = multiply(t, t);
  let sum = 0n;
  let power = t;
  for (let i = 1n; power !== 0n && power !== -1n; i += 2n) {
    sum += power / i;
    power = multiply(power, square);
  }
  return 2n * sum;
}

const LN2 = logOfRatio(ONE / 3n);

/** log of a positive number */
function logFixed(mantissa: bigint, exponent: number): Fixed {
  const length = mantissa.toString(2).length;
  const m = length <= BITS ? mantissa << BigInt(BITS - length) : mantissa >> BigInt(length - BITS);
  // m in [1/2, 1); around 1 the octave must not be split, or digits cancel.
  const low = m < (ONE * 3n) / 4n;
  const centred = low ? 2n * m : m;
  return BigInt(exponent + length - (low ? 1 : 0)) * LN2 + logOfRatio(divide(centred - ONE, centred + ONE));
}

function expFixed(x: Fixed): Exact {
  const octave = x / LN2;
  const rest = x - octave * LN2;
  let sum = 0n;
  let term = ONE;
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    sum += term;
    term = multiply(term, rest) / i;
  }
  return { mantissa: sum, exponent: Number(octave) - BITS };
}

export const exactExp = (x: number): Exact => expFixed(fixed(x));

export function exactExpm1(x: number): Exact {
  const { mantissa, exponent } = exactExp(x);
  return { mantissa: mantissa - (1n << BigInt(-exponent)), exponent };
}

export function exactLog(x: number): Exact {
  const { mantissa, exponent } = parts(x);
  return { mantissa: logFixed(mantissa, exponent), exponent: -BITS };
}

export const exactLog1p = (x: number): Exact => ({ mantissa: logFixed(ONE + fixed(x), -BITS), exponent: -BITS });

export function exactPow(x: number, y: number): Exact {
  const { mantissa, exponent } = parts(x);
  const power = parts(y);
  const product = logFixed(mantissa, exponent) * power.mantissa;
  return expFixed(power.exponent < 0 ? product >> BigInt(-power.exponent) : product << BigInt(power.exponent));
}

/** How far a float64 lies from the exact value, in units of its last place. */
export function ulps(got: number, exact: Exact): number {
  const { mantissa, exponent } = parts(got);
  const shift = exponent - exact.exponent;
  if (shift < 32) throw new Error("the exact value has too few digits");
  const difference = exact.mantissa - (mantissa << BigInt(shift));
  return Math.abs(Number(difference >> BigInt(shift - 32))) / 2 ** 32;
}
