/**
 * What growing a forest does with rows: how often each tree draws them, where they go, and the sums of their nodes. A tree's rows lie block by
 * block and in a block slot by slot, as those of boosting do (blocks.ts); slots are the nodes that still grow, from 1 on, and rows that have
 * come to a leaf are no longer there. A node looks at columns of its own: its rows leave the bins of those in its queue, and a full queue is
 * added to its sums at once, which stay in the first-level cache meanwhile.
 *
 * What is added are whole numbers, or multiples of a quantum so coarse that float64 adds them without error: sums in any order are the same.
 */
import { BLOCK, keepShares, nextShares, rowsOf, sharesEnd } from "./blocks";
import { hashFour, hashOf } from "./hash";

/** Bounds that all rows are compared with: few have a hash above more, and so far nobody need guess how many there are. */
const OFTEN: i32 = 5;

/**
 * draws[i] = how many of the ascending uint32 bounds are not above the hash of (seed, first + index[i]), 0 for a row of weight 0, at most 255.
 */
export function drawRows(seed: u32, first: f64, index: usize, weight: usize, rows: i32, bounds: usize, n: i32, draws: usize): void {
  let i: usize = 0;
  // Four at a time where row numbers are below 2^32.
  if (first + <f64>rows < 4294967296.0 && rows > 0 && first + <f64>load<u32>(index + 4 * <usize>(rows - 1)) < 4294967296.0) {
    const from = i32x4.splat(<i32>(<u64>first));
    for (; i + 4 <= <usize>rows; i += 4) {
      const hash = hashFour(seed, i32x4.add(from, v128.load(index + 4 * i)));
      let counts = i32x4.splat(0);
      let above = i32x4.splat(-1);
      for (let b = 0; b < n && (b < OFTEN || v128.any_true(above)); b++) {
        above = i32x4.ge_u(hash, v128.load32_splat(bounds + 4 * <usize>b));
        counts = i32x4.sub(counts, above);
      }
      const low = f64x2.gt(v128.load(weight + 8 * i), f64x2.splat(0));
      const high = f64x2.gt(v128.load(weight + 8 * i, 16), f64x2.splat(0));
      counts = v128.and(counts, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
      const halves = i16x8.narrow_i32x4_u(counts, counts);
      v128.store32_lane(draws + i, i8x16.narrow_i16x8_u(halves, halves), 0);
    }
  }
  for (; i < <usize>rows; i++) {
    const hash = hashOf(seed, <u64>first + <u64>load<u32>(index + 4 * i));
    let count = 0;
    while (count < n && load<u32>(bounds + 4 * <usize>count) <= hash) count++;
    store<u8>(draws + i, <u8>select(min(count, 255), 0, load<f64>(weight + 8 * i) > 0));
  }
}

/** The rows of the block that are drawn are in slot 1. */
export function startDrawn(block: usize, rows: i32, room: i32, draws: usize): void {
  const first = rowsOf(block, room);
  let own = first;
  for (let i: usize = 0; i < <usize>rows; i++) {
    store<u16>(own, <u16>i);
    own += 2 * <usize>(load<u8>(draws + i) > 0);
  }
  const drawn = <u32>((own - first) >> 1);
  store<u32>(block, <u32>(drawn > 0));
  store<u32>(block, (1 << 16) | drawn, 4);
}

/** Bytes of a route: uint32 column, uint16 slots of the right and the left side, and a bit by bin that is set where rows go left. */
const ROUTE: usize = 40;

/**
 * Reads a byte of every line of the block's bins: in order they come into the second-level cache several times sooner than when the rows of
 * one slot after another ask for them.
 */
export function touchBins(bins: usize, bytes: i32): u32 {
  let sum: u32 = 0;
  for (let i: usize = 0; i < <usize>bytes; i += 64) sum += load<u8>(bins + i);
  return sum;
}

/** What the rows of a block become. */
const nextRows: usize = memory.data(2 * <i32>BLOCK, 16);

/** Sends the rows of the block, whose bins begin at `bins`, from slot to slot. */
export function moveDrawn(bins: usize, columns: i32, block: usize, room: i32, routes: usize): void {
  let own = rowsOf(block, room);
  let to = nextRows;
  let out = nextShares;
  const end = sharesEnd(block);
  for (let at = block + 4; at < end; at += 4) {
    const share = load<u32>(at);
    const n = share & 0xffff;
    const route = routes + ROUTE * <usize>(share >> 16);
    let near = <u32>load<u16>(route, 6);
    let far = <u32>load<u16>(route, 4);
    let nearRows = n;
    if (near == far) memory.copy(to, own, 2 * n);
    else {
      // Rows of a leaf are written over by those of the next share.
      const isTurned = <u32>(near == 0);
      if (isTurned) {
        near = far;
        far = 0;
      }
      nearRows = part(own, n, bins + <usize>load<u32>(route), columns, route + 8, isTurned, to);
    }
    own += 2 * n;
    if (near && nearRows) {
      store<u32>(out, (near << 16) | nearRows);
      out += 4;
      to += 2 * nearRows;
    }
    if (far && near != far && nearRows < n) {
      store<u32>(out, (far << 16) | (n - nearRows));
      out += 4;
      to += 2 * (n - nearRows);
    }
  }
  keepShares(block, out);
  memory.copy(rowsOf(block, room), nextRows, to - nextRows);
}

/** Rows that go left from `to` on, the others behind them from last to first, or the other way round; answers how many are before. */
// @ts-ignore: decorator
@inline
function part(own: usize, n: u32, column: usize, columns: i32, goesLeft: usize, isTurned: u32, to: usize): u32 {
  let near = to;
  let far = to + 2 * n - 2;
  for (const end = own + 2 * n; own < end; own += 2) {
    const row = load<u16>(own);
    const bin = <u32>load<u8>(column + <usize>(<i32>row * columns));
    const isNear = ((<u32>load<u8>(goesLeft + <usize>(bin >> 3)) >> (bin & 7)) ^ isTurned) & 1;
    store<u16>(near, row);
    store<u16>(far, row);
    near += <usize>(isNear << 1);
    far -= <usize>(2 - (isNear << 1));
  }
  return <u32>((near - to) >> 1);
}

/**
 * Of a round, in uint32: columns that a node looks at, vectors of 16 bins of a row in which 16 of them can be, rows of a queue; what is added
 * to sums (see `countColumns` and `countOne`), whether rows are counted, and the address of values by row. An entry begins with the uint32
 * base of its row, to which draws << 16 is added where they are counted as whole numbers (kind 0), else draws << 24.
 */
// @ts-ignore: decorator
@unmanaged
class Form {
  looked: i32;
  vectors: i32;
  queue: i32;
  kind: i32;
  counted: u32;
  values: u32;
}

/** Before the bins of an entry. */
const BASE: usize = 4;
/** Of a lead before its masks: uint32 address of the next entry, end of the queue, bytes of an entry, address of where sums lie: uint32 bytes of a bin's sums, bytes of a number, and the address of each column's. */
const HEAD: usize = 16;

/** For each 16 columns, masks of 16 bytes, and as many uint16 offsets in the row of what they mask. */
// @ts-ignore: decorator
@inline
function groupBytes(vectors: i32): usize {
  return 16 * <usize>vectors + ((2 * <usize>vectors + 15) & ~15);
}

// @ts-ignore: decorator
@inline
function leadBytes(looked: i32, vectors: i32): usize {
  return HEAD + groupBytes(vectors) * <usize>((looked + 15) >> 4);
}

/**
 * Lets the rows in slots with a queue wait there with the bins that their node looks at. `leads` are by slot, with entries of 0 bytes where
 * there is no queue; bins, draws and bases are those of the block's rows.
 */
export function queueDrawn(bins: usize, columns: i32, block: usize, room: i32, draws: usize, bases: usize, leads: usize, form: Form): void {
  const size = leadBytes(form.looked, form.vectors);
  let own = rowsOf(block, room);
  const end = sharesEnd(block);
  for (let at = block + 4; at < end; at += 4) {
    const share = load<u32>(at);
    const last = own + 2 * <usize>(share & 0xffff);
    const lead = leads + size * <usize>(share >> 16);
    if (load<u32>(lead, 8)) queueShare(bins, columns, own, last, draws, bases, lead, size, form);
    own = last;
  }
}

// @ts-ignore: decorator
@inline
function queueShare(
  bins: usize,
  columns: i32,
  rows: usize,
  last: usize,
  draws: usize,
  bases: usize,
  lead: usize,
  size: usize,
  form: Form,
): void {
  const shift = form.kind == 0 ? 16 : 24;
  const vectors = form.vectors;
  const group = groupBytes(vectors);
  const entry = <usize>load<u32>(lead, 8);
  const full = <usize>load<u32>(lead, 4);
  let to = <usize>load<u32>(lead);
  if (vectors <= 2 && size == HEAD + group) {
    // The masks stay in registers. Those of one vector are followed by its offset and zeros.
    const offsets = lead + HEAD + 16 * <usize>vectors;
    const first = v128.load(lead, HEAD);
    const second = vectors == 2 ? v128.load(lead, HEAD + 16) : i8x16.splat(-1);
    const firstBins = bins + <usize>load<u16>(offsets);
    const secondBins = bins + <usize>load<u16>(offsets, 2);
    for (; rows < last; rows += 2) {
      const i = <usize>load<u16>(rows);
      const row = i * columns;
      store<u32>(to, load<u32>(bases + 4 * i) + (<u32>load<u8>(draws + i) << shift));
      const found = v128.swizzle(v128.load(firstBins + row), first);
      v128.store(to, v128.or(found, v128.swizzle(v128.load(secondBins + row), second)), BASE);
      to += entry;
      if (to == full) to = emptyFull(lead, to, form);
    }
  } else {
    for (; rows < last; rows += 2) {
      const i = <usize>load<u16>(rows);
      const row = bins + i * columns;
      store<u32>(to, load<u32>(bases + 4 * i) + (<u32>load<u8>(draws + i) << shift));
      // Whole vectors, the last of which reaches into the next entry.
      let out = to + BASE;
      for (let at = lead + HEAD, end = lead + size; at < end; at += group) {
        const offsets = at + 16 * <usize>vectors;
        let found = i8x16.splat(0);
        for (let v: usize = 0; v < <usize>vectors; v++) {
          const own = v128.load(row + <usize>load<u16>(offsets + 2 * v));
          found = v128.or(found, v128.swizzle(own, v128.load(at + 16 * v)));
        }
        v128.store(out, found);
        out += 16;
      }
      to += entry;
      if (to == full) to = emptyFull(lead, to, form);
    }
  }
  store<u32>(lead, to);
}

/** Answers where the next entry goes. */
function emptyFull(lead: usize, to: usize, form: Form): usize {
  store<u32>(lead, to);
  empty(lead, form);
  return <usize>load<u32>(lead);
}

/** Adds what waits in the queues of so many slots. */
export function countQueues(leads: usize, slots: i32, form: Form): void {
  const size = leadBytes(form.looked, form.vectors);
  for (let slot = 1; slot <= slots; slot++) {
    const lead = leads + size * <usize>slot;
    if (load<u32>(lead, 8)) empty(lead, form);
  }
}

function empty(lead: usize, form: Form): void {
  const end = <usize>load<u32>(lead);
  const first = <usize>load<u32>(lead, 4) - <usize>form.queue * <usize>load<u32>(lead, 8);
  store<u32>(lead, first);
  let sums = <usize>load<u32>(lead, 12);
  const cell = load<i32>(sums);
  const width = load<i32>(sums, 4);
  sums += 8;
  const looked = form.looked;
  if (form.kind == 0) {
    // In as few passes of as many columns as there are registers for.
    for (let j = 0, passes = (looked + 4) / 5; passes > 0; passes--) {
      const n = (looked - j + passes - 1) / passes;
      if (width == 4) countSome<u32>(first, end, j, n, sums, cell, looked);
      else countSome<u16>(first, end, j, n, sums, cell, looked);
      sums += 4 * <usize>n;
      j += n;
    }
  } else {
    for (let j = 0; j < looked; j++) {
      countOne(first, end, j, <usize>load<u32>(sums), cell, form);
      sums += 4;
    }
  }
}

// @ts-ignore: decorator
@inline
function countSome<T>(first: usize, end: usize, j: i32, n: i32, sums: usize, cell: i32, looked: i32): void {
  // Two classes, most often: a constant spares a multiplication for each bin.
  if (cell == 2 * <i32>sizeof<T>()) countMany<T>(first, end, j, n, sums, 2 * <i32>sizeof<T>(), looked);
  else countMany<T>(first, end, j, n, sums, cell, looked);
}

// @ts-ignore: decorator
@inline
function countMany<T>(first: usize, end: usize, j: i32, n: i32, sums: usize, cell: i32, looked: i32): void {
  if (n == 5) countColumns<T>(first, end, j, 5, sums, cell, looked);
  else if (n == 4) countColumns<T>(first, end, j, 4, sums, cell, looked);
  else if (n == 3) countColumns<T>(first, end, j, 3, sums, cell, looked);
  else if (n == 2) countColumns<T>(first, end, j, 2, sums, cell, looked);
  else countColumns<T>(first, end, j, 1, sums, cell, looked);
}

/** Draws, which an entry has above the uint16 number of the class twice, are added to a uint32 or uint16 by class. */
// @ts-ignore: decorator
@inline
function countColumns<T>(first: usize, end: usize, j: i32, n: i32, sums: usize, cell: i32, looked: i32): void {
  const entry = BASE + <usize>looked;
  const a = <usize>load<u32>(sums);
  const b = n > 1 ? <usize>load<u32>(sums, 4) : 0;
  const c = n > 2 ? <usize>load<u32>(sums, 8) : 0;
  const d = n > 3 ? <usize>load<u32>(sums, 12) : 0;
  const e = n > 4 ? <usize>load<u32>(sums, 16) : 0;
  for (let at = first; at < end; at += entry) {
    const own = load<u32>(at);
    const offset = <usize>(own & 0xffff) * (sizeof<T>() >> 1);
    const draws = own >> 16;
    const bins = at + <usize>j;
    count<T>(a + offset, load<u8>(bins, BASE), cell, draws);
    if (n > 1) count<T>(b + offset, load<u8>(bins, BASE + 1), cell, draws);
    if (n > 2) count<T>(c + offset, load<u8>(bins, BASE + 2), cell, draws);
    if (n > 3) count<T>(d + offset, load<u8>(bins, BASE + 3), cell, draws);
    if (n > 4) count<T>(e + offset, load<u8>(bins, BASE + 4), cell, draws);
  }
}

// @ts-ignore: decorator
@inline
function count<T>(sums: usize, bin: i32, cell: i32, draws: u32): void {
  const at = sums + <usize>(bin * cell);
  store<T>(at, <T>(load<T>(at) + <T>draws));
}

/**
 * An entry has the row below its draws, which are added times a float64 by class (kind 1: `values` holds float64 weights and after each
 * uint32 the offset of its class, 16 bytes a row), or times a pair of float64 (kind 2: `values` holds the pairs); and where rows are counted
 * by themselves to a float64 that a cell ends with.
 */
// @ts-ignore: decorator
@inline
function countOne(first: usize, end: usize, j: i32, sums: usize, cell: i32, form: Form): void {
  const kind = form.kind;
  const counted = form.counted;
  const entry = BASE + <usize>form.looked;
  for (let at = first; at < end; at += entry) {
    const own = load<u32>(at);
    const value = <usize>form.values + 16 * <usize>(own & 0xffffff);
    const draws = <f64>(own >> 24);
    const to = sums + <usize>(<i32>load<u8>(at + <usize>j, BASE) * cell);
    if (kind == 1) {
      const b = to + <usize>load<u32>(value, 8);
      store<f64>(b, load<f64>(b) + load<f64>(value) * draws);
    } else v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(value), f64x2.splat(draws))));
    if (counted) {
      const b = to + <usize>cell - 8;
      store<f64>(b, load<f64>(b) + draws);
    }
  }
}
