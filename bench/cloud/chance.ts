/** Times that vary as services' do, by a seed. */

export interface Spread {
  readonly median: number;
  readonly p99: number;
}

export type Chance = (spread: Spread) => number;

/** Log-normal times: half below the median, one of a hundred above `p99`. The same ones for the same seed. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
  return ({ median, p99 }) => {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    return median * Math.exp((normal * Math.log(p99 / median)) / 2.326);
  };
}
