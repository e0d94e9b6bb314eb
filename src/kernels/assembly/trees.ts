/**
 * Rows down trees. A node takes 16 bytes: its threshold (float64), 8 * column (uint32) and the address of its left child (uint32) with flags
 * in the lowest bits: 1 a missing value goes right, 2 a split by category, which has for a threshold the address of its words and their
 * count (uint32 each). The right child follows the left. A leaf is its own left child with a threshold of infinity, so that a row that has
 * arrived stays there and nobody asks. Beside it `places` holds for each leaf where its values are (uint32).
 *
 * A tile of rows is turned row-major, so that it and the tree in hand stay in the first-level cache. Four rows go down at once, because
 * each step waits for the one before.
 */

/** What `trees` holds of each tree: root, levels, 1 where it splits by category, the first slot that it adds to (uint32 each). */
const TREE: usize = 16;
/** Deeper trees are asked now and then whether all rows have arrived. */
const SHALLOW: i32 = 8;

/**
 * out[s * stride + i] += the values of the leaves of row i, tree after tree: `outputs` values of a leaf go to as many slots s, beginning
 * with the tree's first. x is a column-major block of `columns` >= 1; `tile` has room for 8 * columns * tileRows bytes, tileRows a
 * multiple of 4, and `sums` for 8 * slots * tileRows.
 */
export function addTrees(
  x: usize,
  stride: u32,
  rows: i32,
  columns: i32,
  trees: usize,
  count: i32,
  nodes: usize,
  places: usize,
  values: usize,
  outputs: i32,
  slots: i32,
  tile: usize,
  tileRows: i32,
  sums: usize,
  out: usize,
): void {
  const row: usize = 8 * <usize>columns;
  const step: usize = 8 * <usize>stride;
  for (let first = 0; first < rows; first += tileRows) {
    const n = min(tileRows, rows - first);
    const missing = toRows(x + 8 * <usize>first, step, n, columns, tile);
    // Rows are taken by four: the last one stands in for those that are not there.
    for (let i = n; i & 3; i++) memory.copy(tile + row * <usize>i, tile + row * <usize>(n - 1), row);
    toRows(out + 8 * <usize>first, step, n, slots, sums);
    for (let t = 0; t < count; t++) {
      const tree = trees + TREE * <usize>t;
      const own = sums + 8 * <usize>load<u32>(tree, 12);
      if (load<u32>(tree, 8)) addTree(tree, tile, n, row, nodes, places, values, outputs, own, 8 * slots, true, true);
      else if (missing) addTree(tree, tile, n, row, nodes, places, values, outputs, own, 8 * slots, true, false);
      else addTree(tree, tile, n, row, nodes, places, values, outputs, own, 8 * slots, false, false);
    }
    for (let s = 0; s < slots; s++) {
      const to = out + 8 * <usize>first + step * <usize>s;
      for (let i = 0; i < n; i++) store<f64>(to + 8 * <usize>i, load<f64>(sums + 8 * <usize>(i * slots + s)));
    }
  }
}

/** Row-major; answers whether a value is missing. */
function toRows(x: usize, step: usize, rows: i32, columns: i32, out: usize): bool {
  const row: usize = 8 * <usize>columns;
  let missing = 0;
  for (let j = 0; j < columns; j++) {
    const column = x + step * <usize>j;
    let to = out + 8 * <usize>j;
    for (let i = 0; i < rows; i++) {
      const value = load<f64>(column + 8 * <usize>i);
      missing |= i32(value != value);
      store<f64>(to, value);
      to += row;
    }
  }
  return missing != 0;
}

// @ts-ignore: decorator
@inline
function addTree(
  tree: usize,
  tile: usize,
  rows: i32,
  row: usize,
  nodes: usize,
  places: usize,
  values: usize,
  outputs: i32,
  own: usize,
  slotBytes: usize,
  missing: bool,
  categories: bool,
): void {
  const root = <usize>load<u32>(tree);
  const levels = load<i32>(tree, 4);
  for (let i = 0; i < rows; i += 4) {
    const r0 = tile + row * <usize>i;
    const r1 = r0 + row;
    const r2 = r1 + row;
    const r3 = r2 + row;
    let a = root;
    let b = root;
    let c = root;
    let d = root;
    for (let level = 0; level < levels; level++) {
      a = next(a, r0, missing, categories);
      b = next(b, r1, missing, categories);
      c = next(c, r2, missing, categories);
      d = next(d, r3, missing, categories);
      if (level < SHALLOW || (level & 1)) continue;
      if (isLeaf(a) && isLeaf(b) && isLeaf(c) && isLeaf(d)) break;
    }
    const left = rows - i;
    const to = own + slotBytes * <usize>i;
    addLeaf(a, nodes, places, values, outputs, to);
    if (left > 1) addLeaf(b, nodes, places, values, outputs, to + slotBytes);
    if (left > 2) addLeaf(c, nodes, places, values, outputs, to + 2 * slotBytes);
    if (left > 3) addLeaf(d, nodes, places, values, outputs, to + 3 * slotBytes);
  }
}

// @ts-ignore: decorator
@inline
function isLeaf(node: usize): bool {
  return <usize>load<u32>(node, 12) == node;
}

// @ts-ignore: decorator
@inline
function next(node: usize, row: usize, missing: bool, categories: bool): usize {
  const x = load<f64>(row + <usize>load<u32>(node, 8));
  const child = load<u32>(node, 12);
  let right = u32(x > load<f64>(node));
  if (missing) right |= u32(x != x) & child;
  if (categories && child & 2) right = x == x ? u32(!holds(<usize>load<u32>(node), load<u32>(node, 4), x)) : child & 1;
  return <usize>((child & ~15) + (right << 4));
}

/** Whether the bit of a category, a whole number, is set. */
// @ts-ignore: decorator
@inline
function holds(words: usize, count: u32, x: f64): bool {
  if (!(x >= 0 && x < 32 * <f64>count)) return false;
  const category = <u32>x;
  return ((load<u32>(words + 4 * <usize>(category >> 5)) >> (category & 31)) & 1) != 0;
}

// @ts-ignore: decorator
@inline
function addLeaf(leaf: usize, nodes: usize, places: usize, values: usize, outputs: i32, to: usize): void {
  const value = values + 8 * <usize>outputs * <usize>load<u32>(places + ((leaf - nodes) >> 2));
  store<f64>(to, load<f64>(to) + load<f64>(value));
  for (let s: usize = 8; s < 8 * <usize>outputs; s += 8) store<f64>(to + s, load<f64>(to + s) + load<f64>(value + s));
}
