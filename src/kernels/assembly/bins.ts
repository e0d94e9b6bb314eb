/** Scores in bins: what evaluation does with more scores than it keeps one by one. */

/** Cells of equal width that say where the search for a score among the knots begins and ends. */
const CELLS: i32 = 16384;
const guide: usize = memory.data(4 * 16385, 16);

// @ts-ignore: decorator
@inline
function cellOf(score: f64, first: f64, perUnit: f64): i32 {
  // Saturates: what lies below or above the knots, and NaN of 0 * Infinity where all knots are as good as one, has a cell too.
  return <i32>max<f64>(0, min<f64>(CELLS - 1, (score - first) * perUnit));
}

/** guide[c]: knots whose cell is before c. A score's cell ascends with it, so these knots are below every score of the cell. */
function fillGuide(knots: usize, m: i32, first: f64, perUnit: f64): void {
  let cell = 0;
  for (let s = 0; s < m; s++) {
    const own = cellOf(load<f64>(knots + 8 * <usize>s), first, perUnit);
    for (; cell <= own; cell++) store<u32>(guide + 4 * <usize>cell, s);
  }
  for (; cell <= CELLS; cell++) store<u32>(guide + 4 * <usize>cell, m);
}

/**
 * The bins of n scores, ascending with the score: from each of m ascending knots to the next lie `each` bins of equal width, and the last
 * knot begins one that holds all above it; what is below the first knot falls into the first bin.
 */
export function findBins(scores: usize, n: i32, knots: usize, m: i32, each: i32, out: usize): void {
  const first = load<f64>(knots);
  const perUnit = <f64>CELLS / (load<f64>(knots + 8 * <usize>(m - 1)) - first);
  fillGuide(knots, m, first, perUnit);
  for (let i = 0; i < n; i++) {
    const score = load<f64>(scores + 8 * <usize>i);
    const at = guide + 4 * <usize>cellOf(score, first, perUnit);
    // The last knot that is not above the score is from low on and before high. Few cells have a knot, and fewer have two.
    let low = max<i32>(0, load<u32>(at) - 1);
    let high = <i32>load<u32>(at, 4);
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      const isAbove = load<f64>(knots + 8 * <usize>middle) > score;
      low = select(low, middle, isAbove);
      high = select(middle, high, isAbove);
    }
    let bin = low * each;
    if (low < m - 1) {
      const from = load<f64>(knots + 8 * <usize>low);
      const width = load<f64>(knots + 8 * <usize>low, 8) - from;
      bin += <i32>max<f64>(0, min<f64>(each - 1, ((score - from) / width) * each));
    }
    store<u32>(out + 4 * <usize>i, bin);
  }
}

const DIGIT: i32 = 1024;
const starts: usize = memory.data(4 * 2 * 1024, 16);

/** Sorts n bins, all below 2^20, digit by digit; scratch as large. */
export function sortBins(bins: usize, n: i32, scratch: usize): void {
  memory.fill(starts, 0, 4 * 2 * DIGIT);
  for (let i = 0; i < n; i++) {
    const bin = load<u32>(bins + 4 * <usize>i);
    count(starts + 4 * <usize>(bin & (DIGIT - 1)));
    count(starts + 4 * <usize>(DIGIT + (bin >>> 10)));
  }
  let low: u32 = 0;
  let high: u32 = 0;
  for (let digit = 0; digit < DIGIT; digit++) {
    const at = starts + 4 * <usize>digit;
    const lows = load<u32>(at);
    const highs = load<u32>(at, 4 * DIGIT);
    store<u32>(at, low);
    store<u32>(at, high, 4 * DIGIT);
    low += lows;
    high += highs;
  }
  for (let i = 0; i < n; i++) {
    const bin = load<u32>(bins + 4 * <usize>i);
    store<u32>(scratch + 4 * <usize>count(starts + 4 * <usize>(bin & (DIGIT - 1))), bin);
  }
  for (let i = 0; i < n; i++) {
    const bin = load<u32>(scratch + 4 * <usize>i);
    store<u32>(bins + 4 * <usize>count(starts + 4 * <usize>(DIGIT + (bin >>> 10))), bin);
  }
}

/** What was there, to which 1 is added. */
// @ts-ignore: decorator
@inline
function count(at: usize): u32 {
  const before = load<u32>(at);
  store<u32>(at, before + 1);
  return before;
}

/** Adds up the weights of equal neighbours in place; answers how many different ones there are. -0 equals 0 and stands for both. */
export function shareEntries(scores: usize, weights: usize, n: i32): i32 {
  let entries = 0;
  for (let i = 0; i < n; i++) {
    const score = load<f64>(scores + 8 * <usize>i);
    const weight = load<f64>(weights + 8 * <usize>i);
    const last: usize = 8 * <usize>(entries - 1);
    if (entries > 0 && score == load<f64>(scores + last)) {
      store<f64>(weights + last, load<f64>(weights + last) + weight);
    } else {
      store<f64>(scores + 8 * <usize>entries, score);
      store<f64>(weights + 8 * <usize>entries, weight);
      entries++;
    }
  }
  return entries;
}
