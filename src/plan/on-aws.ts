/** AWS as a place: what a round and a run cost there in seconds and dollars, from the figures of `cloud.ts` and `prices.ts`. */
import { type Bill, billOf } from "./bill.ts";
import { CLOUD, lambdaSpeed } from "./cloud.ts";
import type { Forecast } from "./forecast.ts";
import type { Offer } from "./functions.ts";
import type { Place, Spread } from "./place.ts";
import type { Functions } from "./plan.ts";

/** A stack deployed without a choice, in an account of which four fifths of 1,000 functions at once are free. */
export const DEFAULT_OFFER: Offer = { slots: 32, mapperMegabytes: 3_008, fusedMegabytes: 3_008, fused: true, atOnce: 800 };

/** Statistics up to that travel in the answers of functions. */
const INLINE_BYTES = 2_048;
/** Seconds between the rounds of a child that goes on by itself, and of fused rounds in one function. */
const STRETCH_SECONDS = 25;
const FUSED_SECONDS = 880;
/** Of planner, combiner, reducer and publisher. */
const OTHER_GIGABYTES = 1_769 / 1_024;
const GiB = 2 ** 30;

const { storage, lambda, standard, express } = CLOUD;

export const AWS: Place = {
  // Planner, mappers, reducer and publisher start cold, one after the other, and wait for storage a few times.
  startSeconds: 4 * lambda.cold.median + 6 * standard.transition + 10 * storage.read.median,
  speed: ({ memoryBytes, threads }) => lambdaSpeed(memoryBytes, threads),
  bytesPerSecond: storage.functionBytesPerSecond,
  roundSeconds,
};

/** Of many tasks the slowest counts. */
function roundSeconds({ functions, tasks, groups, statisticBytes }: Spread): number {
  if (functions.fused) return 0.01;
  const isInline = statisticBytes <= INLINE_BYTES;
  const map = lambda.warm.p99 + storage.read.p99 + (isInline ? 0 : storage.write.p99);
  const read = isInline
    ? 0
    : storage.read.p99 + ((Math.ceil(tasks / groups) + (groups > 1 ? groups : 0)) * statisticBytes) / storage.functionBytesPerSecond;
  const reduce = lambda.warm.median + 2 * storage.write.median;
  const between = groups > 1 ? 6 * standard.transition + express.start + lambda.warm.p99 + storage.read.p99 : 4 * express.transition;
  return map + read + reduce + between;
}

/** What AWS asks for a run that goes as told. Storage by the month is not in it. */
export function billFor({ rounds, seconds, workSeconds, spread, datasetBytes, readAgainBytes }: Forecast, sourceBytes: number): Bill {
  const { functions, tasks, groups } = spread;
  const all = Object.values(rounds).reduce((sum, n) => sum + n, 0);
  const atOnce = Math.min(tasks, functions.atOnce ?? tasks);
  const mapperSeconds =
    atOnce * workSeconds + tasks * (lambda.cold.median + (functions.fused ? seconds : all * (storage.read.median + storage.write.median)));
  const otherSeconds = functions.fused ? 0 : all * (groups > 1 ? groups + 1 : 1) * 0.15;
  const isInline = spread.statisticBytes <= INLINE_BYTES;
  const pieces = (bytes: number): number => Math.ceil(bytes / storage.rangeBytes);
  const shipped = functions.fused || isInline ? 0 : all * tasks * Math.max(1, pieces(spread.statisticBytes));
  return billOf({
    gigabyteSeconds: (mapperSeconds * functions.memoryBytes) / GiB + (otherSeconds + 3 * lambda.cold.median) * OTHER_GIGABYTES,
    calls: functions.fused ? 3 : all * (tasks + groups) + 3,
    transitions: transitionsOf(functions, all, groups, seconds),
    children: functions.fused ? 0 : groups > 1 ? all * groups : Math.ceil(seconds / STRETCH_SECONDS),
    childSeconds: functions.fused ? 0 : groups * seconds,
    reads: pieces(sourceBytes) + pieces(readAgainBytes) + all * tasks + shipped,
    writes: pieces(datasetBytes) + 3 * all + shipped,
  });
}

/** Three to plan and publish; then of every round, of every stretch of rounds, or of every fused function. */
function transitionsOf({ fused }: Functions, rounds: number, groups: number, seconds: number): number {
  if (fused) return 3 + 2 * Math.ceil(seconds / FUSED_SECONDS);
  return 3 + (groups > 1 ? rounds * (3 + 3 * groups) : 5 * Math.ceil(seconds / STRETCH_SECONDS));
}
