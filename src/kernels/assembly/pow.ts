/** Powers to 0.56 ulp, subnormal results to 1 ulp: a logarithm of 68 bits, times the exponent exactly, through exp. */
import { product, productLow } from "./double";
import { expOfSum } from "./exp";
import { logLow, splitLog } from "./log";

/** As ECMAScript's: a NaN exponent, and (+-1)^(+-Infinity), give NaN; x^0 is 1 even for NaN. */
export function pow(x: f64, y: f64): f64 {
  if (y == 0) return 1;
  if (isNaN(x) || isNaN(y)) return NaN;
  const size = abs(x);
  if (abs(y) == Infinity) return size == 1 ? NaN : size > 1 == y > 0 ? Infinity : 0;
  const whole = trunc(y) == y;
  const odd = whole && trunc(y * 0.5) * 2.0 != y;
  const sign: f64 = odd ? copysign<f64>(1, x) : 1;
  if (size == 0 || size == Infinity) return sign * ((size == 0) == y > 0 ? <f64>0 : Infinity);
  if (x < 0 && !whole) return NaN;
  if (size == 1) return sign;
  return sign * powOf(size, y);
}

/** exp(y log(x)) for finite x > 0, x != 1, y != 0, the product kept to 2^-68. */
function powOf(x: f64, y: f64): f64 {
  const high = splitLog(x, 0);
  const rest = logLow;
  const rough = y * high;
  if (!(abs(rough) < 750.0)) return rough > 0 ? Infinity : 0;
  const exponent = product(y, high);
  return expOfSum(exponent, productLow + y * rest);
}
