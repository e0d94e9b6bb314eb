/** The tail of Student's t, for the p values of coefficients. */
import { exp, log } from "../../kernels/kernels.ts";

/** P(|T| >= |t|) for `degrees` > 0 degrees of freedom: I_x(degrees/2, 1/2) at x = degrees/(degrees + t^2) (DLMF 8.17). NaN in, NaN out. */
export function twoSidedP(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Regularised incomplete beta I_x(a, b), relative error about 1e-13; by I_x(a, b) = 1 - I_{1-x}(b, a) where its fraction converges slowly. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (Number.isNaN(x)) return x;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The continued fraction of DLMF 8.17.22 by Lentz's method in Thompson and Barnett's form (1986). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const clear = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / clear(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / clear(1 + even * d);
    c = clear(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / clear(1 + odd * d);
    c = clear(1 + odd / c);
    const factor = d * c;
    result *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return result;
}

/** Coefficients of Stirling's series, B_2k / (2k (2k - 1)) (DLMF 5.11.1). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];

/** ln of the gamma function for x > 0: Stirling's series beyond 12, reached by the recurrence. */
function logGamma(x: number): number {
  let product = 1;
  let y = x;
  for (; y < 12; y++) product *= y;
  let series = 0;
  let power = 1 / y;
  for (const coefficient of STIRLING) {
    series += coefficient * power;
    power /= y * y;
  }
  return (y - 0.5) * log(y) - y + 0.918_938_533_204_672_8 + series - log(product);
}
