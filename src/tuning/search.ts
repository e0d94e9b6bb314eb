/** The settings of a search: every combination of a grid, or as many random ones as asked. */
import { hashRow, hashString } from "../kernels/hash.ts";
import { exp, log } from "../kernels/kernels.ts";

export type Setting = Readonly<Record<string, unknown>>;

/** Numbers between two ends, both included; `log`: uniform in the logarithm, for parameters whose magnitude is unknown. */
interface Range {
  readonly min: number;
  readonly max: number;
  readonly log?: boolean;
}

/** What each parameter is drawn from: one of a list, or a range. */
export type SearchSpace = Readonly<Record<string, readonly unknown[] | Range>>;

/** Every combination in the order of the keys, the last running fastest. No parameters: the one empty setting. */
export function expandGrid(grid: Readonly<Record<string, readonly unknown[]>>): Setting[] {
  let settings: Setting[] = [{}];
  for (const [name, values] of Object.entries(grid)) {
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value })));
  }
  return settings;
}

/**
 * `count` settings, each parameter drawn by a hash of (seed, its name, the number of the setting): more settings begin with the same
 * ones, and another parameter leaves the draws of the others as they are.
 */
export function sampleSettings(space: SearchSpace, count: number, seed: number): Setting[] {
  return Array.from({ length: count }, (_, number) =>
    Object.fromEntries(Object.entries(space).map(([name, values]) => [name, draw(values, uniform(seed, name, number))])),
  );
}

/** In (0, 1), both ends left out. */
const uniform = (seed: number, name: string, number: number): number => (hashRow(hashString(name, seed), number) + 0.5) / 4_294_967_296;

function draw(values: readonly unknown[] | Range, u: number): unknown {
  if (!("min" in values)) return values[Math.floor(u * values.length)];
  const { min, max } = values;
  const value = values.log ? exp(log(min) + u * (log(max) - log(min))) : min + u * (max - min);
  return Math.min(Math.max(value, min), max);
}
