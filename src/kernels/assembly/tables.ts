/** Powers of two and logarithms in double-double, computed when the module starts: shorter, and easier to trust, than their digits. */
import { product, productLow } from "./double";

/** 2^(j/128) as high and low float64, for j in [0, 128). */
export const POWERS: usize = memory.data(16 * 128, 16);
/** log(j/128) for j in [91, 256]: from sqrt(1/2) to 2. Room for 128 more, so that the random index of a NaN stays inside. */
export const LOGS: usize = memory.data(16 * (256 - 91 + 128), 16);
export const FIRST_LOG: i32 = 91;

function fillPowers(): void {
  // 2^(1/128)
  const rootHigh = 1.0054299011128027;
  const rootLow = 9.499186535455032e-17;
  let high: f64 = 1;
  let rest: f64 = 0;
  for (let j: usize = 0; j < 128; j++) {
    store<f64>(POWERS + 16 * j, high);
    store<f64>(POWERS + 16 * j, rest, 8);
    const p = product(high, rootHigh);
    const e = productLow + (high * rootLow + rest * rootHigh);
    high = p + e;
    rest = e - (high - p);
  }
}

function storeLog(j: i32, high: f64, rest: f64): void {
  // Rounded to a multiple of 2^-42 by adding and taking away 1.5 * 2^10.
  const head = high + 1536.0 - 1536.0;
  const address = LOGS + 16 * (j - FIRST_LOG);
  store<f64>(address, head);
  store<f64>(address, high - head + rest, 8);
}

let stepRest: f64 = 0;

/** log((j+1)/j) = 2 atanh(t), t = 1/(2j+1): the first term as double-double, the rest as float64 (relative 2^-68). Low part in stepRest. */
function logStep(j: i32): f64 {
  const q = <f64>(2 * j + 1);
  const t = 1.0 / q;
  const p = product(t, q);
  const rest = (1.0 - p - productLow) / q;
  const tt = t * t;
  const series = t * tt * (1.0 / 3.0 + tt * (1.0 / 5.0 + tt * (1.0 / 7.0 + tt * (1.0 / 9.0))));
  stepRest = 2.0 * (rest + series);
  return 2.0 * t;
}

/** Adds logStep upwards and subtracts it downwards from log(128/128) = 0. */
function fillLogs(): void {
  storeLog(128, 0, 0);
  for (let direction = -1; direction <= 1; direction += 2) {
    let high: f64 = 0;
    let rest: f64 = 0;
    for (let j = 128; direction > 0 ? j < 256 : j > FIRST_LOG; j += direction) {
      const step = <f64>direction * logStep(direction > 0 ? j : j - 1);
      const stepLow = <f64>direction * stepRest;
      const sum = high + step;
      // Knuth's two-sum: either operand may be the larger.
      const virtual = sum - high;
      const error = high - (sum - virtual) + (step - virtual);
      rest += error + stepLow;
      high = sum + rest;
      rest -= high - sum;
      storeLog(j + direction, high, rest);
    }
  }
}

fillPowers();
fillLogs();
