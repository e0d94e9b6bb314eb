/**
 * Rows as bytes, for trees that compare bytes: of a number how many of the model's thresholds for its column are below it, so that
 * x <= thresholds[t] where the rank is <= t, exactly; of a category its number. A plane holds the bytes of one column for a tile of rows,
 * each with its highest bit turned, because lanes compare as signed numbers.
 */

/** Rows of a tile. */
export const TILE: usize = 512;

/** What `planes` holds of each: kind, column, thresholds, halvings (uint32 each), the guide's first value, cells to the unit (float64), guide (uint32). */
const PLANE: usize = 40;
/** Kinds: numbers whose missing values are above all thresholds (0), or below; categories; the plane before with missing values below. */
const BELOW: u32 = 1;
const CATEGORIES: u32 = 2;
const TWIN: u32 = 3;

const TURN: u32 = 128;
const MISSING: u32 = 255;
/** Categories from here on are in no set. */
const UNKNOWN: u32 = 254;

/** Of a guide. */
const CELLS: f64 = 1024;
/** Adding 2^52 rounds to a whole number, which is then in the lowest bits. */
const TO_INTEGER: f64 = 4503599627370496;

/** Fills tile + TILE * p for each plane p from 1 on with rows [first, first + n), n <= TILE; plane 0 is that of no split, and stays as it is. */
export function fillPlanes(x: usize, stride: u32, first: i32, n: i32, planes: usize, count: i32, tile: usize): void {
  let someMissing = false;
  for (let p = 1; p < count; p++) {
    const plane = planes + PLANE * <usize>p;
    const from = x + 8 * (<usize>stride * <usize>load<u32>(plane, 4) + <usize>first);
    const out = tile + TILE * <usize>p;
    const kind = load<u32>(plane);
    if (kind == CATEGORIES) {
      categories(from, n, out);
    } else if (kind == TWIN) {
      memory.copy(out, out - TILE, n);
      if (someMissing) markMissing(from, n, TURN, out);
    } else {
      someMissing = ranks(from, n, plane, out);
      if (someMissing) markMissing(from, n, (kind == BELOW ? 0 : MISSING) ^ TURN, out);
    }
  }
}

const bytes: usize = memory.data(512, 16);

/** Rows of bins: out[i * columns] = how many of the plane's thresholds are below x[i]; `missing` for NaN. */
export function binNumbers(x: usize, rows: i32, plane: usize, missing: u32, out: usize, columns: i32): void {
  for (let first = 0; first < rows; first += <i32>TILE) {
    const n = min(<i32>TILE, rows - first);
    const from = x + 8 * <usize>first;
    if (ranks(from, n, plane, bytes)) markMissing(from, n, missing ^ TURN, bytes);
    for (let i: usize = 0; i < <usize>n; i++) {
      store<u8>(out, <u32>load<u8>(bytes + i) ^ TURN);
      out += columns;
    }
  }
}

/**
 * A guide of equal cells says how many thresholds are in cells before a value's own. The cell never falls as the value grows, whatever
 * rounding does, so that these are below the value and those in cells after it are not; among those of its cell, fewer than 2^halvings, a
 * search without branches counts on, four rows at once because each step waits for the one before. Answers whether a value is missing.
 */
function ranks(x: usize, n: i32, plane: usize, out: usize): bool {
  const thresholds = <usize>load<u32>(plane, 8);
  const first = (<usize>4) << load<u32>(plane, 12);
  const low = v128.load64_splat(plane, 16);
  const perUnit = v128.load64_splat(plane, 24);
  const guide = <usize>load<u32>(plane, 32);
  let unlike = i64x2.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = x + 8 * <usize>i;
    const x01 = v128.load(at);
    const x23 = v128.load(at, 16);
    unlike = v128.or(unlike, v128.or(f64x2.ne(x01, x01), f64x2.ne(x23, x23)));
    const cells01 = cellsOf(x01, low, perUnit);
    const cells23 = cellsOf(x23, low, perUnit);
    let a = thresholds + 8 * <usize>load<u8>(guide + <usize>i32x4.extract_lane(cells01, 0));
    let b = thresholds + 8 * <usize>load<u8>(guide + <usize>i32x4.extract_lane(cells01, 2));
    let c = thresholds + 8 * <usize>load<u8>(guide + <usize>i32x4.extract_lane(cells23, 0));
    let d = thresholds + 8 * <usize>load<u8>(guide + <usize>i32x4.extract_lane(cells23, 2));
    for (let half = first; half >= 8; half >>= 1) {
      a = further(a, half, load<f64>(at));
      b = further(b, half, load<f64>(at, 8));
      c = further(c, half, load<f64>(at, 16));
      d = further(d, half, load<f64>(at, 24));
    }
    const low2 = ((a - thresholds) >> 3) | ((b - thresholds) << 5);
    const high2 = ((c - thresholds) >> 3) | ((d - thresholds) << 5);
    store<u32>(out + <usize>i, (<u32>low2 | (<u32>high2 << 16)) ^ 0x80808080);
  }
  for (; i < n; i++) {
    const at = x + 8 * <usize>i;
    const value = v128.load64_splat(at);
    unlike = v128.or(unlike, f64x2.ne(value, value));
    let a = thresholds + 8 * <usize>load<u8>(guide + <usize>i32x4.extract_lane(cellsOf(value, low, perUnit), 0));
    for (let half = first; half >= 8; half >>= 1) a = further(a, half, load<f64>(at));
    store<u8>(out + <usize>i, <u32>((a - thresholds) >> 3) ^ TURN);
  }
  return v128.any_true(unlike);
}

/** A missing value has a cell too. */
// @ts-ignore: decorator
@inline
function cellsOf(x: v128, low: v128, perUnit: v128): v128 {
  const cells = f64x2.pmax(f64x2.splat(0), f64x2.mul(f64x2.sub(x, low), perUnit));
  return f64x2.add(f64x2.pmin(cells, f64x2.splat(CELLS - 1)), f64x2.splat(TO_INTEGER));
}

function markMissing(x: usize, n: i32, missing: u32, out: usize): void {
  for (let i = 0; i < n; i++) {
    const value = load<f64>(x + 8 * <usize>i);
    if (value != value) store<u8>(out + <usize>i, missing);
  }
}

// @ts-ignore: decorator
@inline
function further(at: usize, half: usize, x: f64): usize {
  return at + (half & (0 - <usize>(load<f64>(at + half - 8) < x)));
}

function categories(x: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    const value = load<f64>(x + 8 * <usize>i);
    let byte = UNKNOWN;
    if (value >= 0 && value < <f64>UNKNOWN) byte = <u32>value;
    else if (value != value) byte = MISSING;
    store<u8>(out + <usize>i, byte ^ TURN);
  }
}

/**
 * The same from rows of bins: a plane's bytes by bin lie where `planes` has the thresholds. Bins are row-major, `columns` a row.
 */
export function fillPlanesFromBins(bins: usize, columns: i32, n: i32, planes: usize, count: i32, tile: usize): void {
  for (let p = 1; p < count; p++) {
    const plane = planes + PLANE * <usize>p;
    const bytes = <usize>load<u32>(plane, 8);
    const out = tile + TILE * <usize>p;
    let bin = bins + <usize>load<u32>(plane, 4);
    for (let i: usize = 0; i < <usize>n; i++) {
      store<u8>(out + i, load<u8>(bytes + <usize>load<u8>(bin)));
      bin += columns;
    }
  }
}
