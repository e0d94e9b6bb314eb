/**
 * A bump arena over the linear memory: allocate moves the top up, release puts it back. Addresses and sizes cross to the host as
 * float64, because an i32 above 2 GiB would arrive there as a negative number and a size above 4 GiB would wrap to a small one.
 */

const PAGE_BYTES: usize = 65536;
const PAGES_AT_MOST: usize = 65536;

let top: usize = (__heap_base + 15) & ~15;
/** Memory from here on was never handed out, so it still holds the zeros it came with. */
let untouched: usize = top;

/** 16-byte aligned, zeroed. Aborts when the size is not in [0, 4 GiB) or the host gives no more memory. */
export function allocate(bytes: f64): f64 {
  const start = top;
  const before = untouched;
  claim(bytes);
  memory.fill(start, 0, min(top, before) - min(start, before));
  return <f64>start;
}

/** The same with whatever the memory held before, for what is written over at once. */
export function claim(bytes: f64): f64 {
  if (!(bytes >= 0 && bytes < 4294967296.0)) abort();
  const start = top;
  const end = (<u64>start + <u64>bytes + 15) & ~15;
  reserve(end);
  top = <usize>end;
  untouched = max(untouched, top);
  return <f64>start;
}

export function mark(): f64 {
  return <f64>top;
}

/** Gives back everything allocated since the mark. */
export function release(mark: f64): void {
  top = <usize>mark;
}

/** Grows by a mebibyte at least, as every growth detaches the host's views, and by no more than needed near the limit. */
function reserve(end: u64): void {
  const pages = <usize>memory.size();
  const wanted = (end + PAGE_BYTES - 1) / PAGE_BYTES;
  if (wanted <= <u64>pages) return;
  // The last page stays unused: an end of exactly 4 GiB would not fit an address.
  if (wanted >= PAGES_AT_MOST) abort();
  const missing = <i32>(wanted - <u64>pages);
  if (memory.grow(max(missing, 16)) < 0 && memory.grow(missing) < 0) abort();
}
