/**
 * The tutorial's customers. Every value is a hash of the seed, the column and the row, so row i is the same in a table of ten rows and of
 * ten million, on every platform.
 */
import { hashRow } from "../../src/kernels/hash.ts";
import { exp } from "../../src/model/exp.ts";

export const HEADER = "customer_type,age,monthly_charges,total_charges,churn";

/** Share of customers, and what the type adds to the log odds of leaving. */
const TYPES = [
  { name: "basic", share: 0.45, effect: 0.2 },
  { name: "family", share: 0.25, effect: -0.4 },
  { name: "student", share: 0.2, effect: 0.7 },
  { name: "premium", share: 0.1, effect: -1.2 },
] as const;

const STREAMS = ["type", "typeMissing", "age1", "age2", "monthly1", "monthly2", "months", "total", "totalMissing", "churn"] as const;
type Stream = (typeof STREAMS)[number];

/** Customers by row number, as lines of a CSV file. `seed` is taken modulo 2^32. */
export function customers(seed: number): (row: number) => string {
  const seeds = Object.fromEntries(STREAMS.map((stream, i) => [stream, hashRow(seed, i)])) as Record<Stream, number>;
  // In [0, 1).
  const uniform = (stream: Stream, row: number): number => hashRow(seeds[stream], row) / 4_294_967_296;
  return (row) => customer((stream) => uniform(stream, row));
}

function customer(uniform: (stream: Stream) => number): string {
  const type = typeAt(uniform("type"));
  const age = 18 + Math.floor(36 * (uniform("age1") + uniform("age2")));
  const monthly = cents(20 + 60 * (uniform("monthly1") + uniform("monthly2")));
  // From one month to six years (72 = exp(4.28)), short stays the more frequent.
  const months = exp(4.28 * uniform("months"));
  const total = cents(monthly * months * (0.95 + 0.1 * uniform("total")));
  const odds = -1 + type.effect - 0.03 * (age - 50) + 0.03 * (monthly - 80) - 0.0006 * (total - 1_500);
  const churn = uniform("churn") * (1 + exp(-odds)) < 1 ? 1 : 0;
  // One type of a hundred was never asked for, three totals of a hundred were lost.
  const knownType = uniform("typeMissing") < 0.01 ? "" : type.name;
  const knownTotal = uniform("totalMissing") < 0.03 ? "" : total.toFixed(2);
  return `${knownType},${age},${monthly.toFixed(2)},${knownTotal},${churn}`;
}

function typeAt(share: number): (typeof TYPES)[number] {
  let below = 0;
  for (const type of TYPES) {
    below += type.share;
    if (share < below) return type;
  }
  return TYPES[TYPES.length - 1];
}

const cents = (amount: number): number => Math.round(100 * amount) / 100;
