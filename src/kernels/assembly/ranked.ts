/**
 * Rows of bytes (ranks.ts) down trees. A node takes 8 bytes: the address of its left child (uint32), its threshold (a turned byte) and
 * the offset of its plane in the tile (24 bits). The right child follows the left. A leaf is its own left child and looks at plane 0,
 * which nothing is below, so that a row that has arrived stays there and nobody asks.
 *
 * A tree's first five levels are a table of 31 nodes, all of which 16 rows are compared with at once, in lanes; as in Ye et al., "RapidScorer"
 * (KDD 2018), no row waits for where it goes. In a table a right subtree's slots are greater than the left one's, so that of two slots the
 * greater counts where the row goes right. From its slot each row goes on by itself, four at once because each step waits for the one before.
 *
 * Trees that split by category have no table. Each of their nodes has a set of 256 bits beside it: the bytes that go right.
 */
/** What `trees` holds of each: its table, or its root with sets; levels below it; the first slot that it adds to; 1 with sets, and where (uint32 each). */
const TREE: usize = 20;
/** Of a table: nodes of an offset (uint32) and a threshold four times, then the node of each slot (uint32). */
const NODE: usize = 8;
const INNER: i32 = 31;
/** Levels after which now and then rows are asked whether all have arrived. */
const SHALLOW: i32 = 6;

/** Numbers of the slots left of each node of the lowest level, in all lanes. */
const evens: usize = memory.data(256, 16);
for (let k = 0; k < 16; k++) v128.store(evens + 16 * <usize>k, i8x16.splat(<i8>(2 * k)));
/** Rows that are compared together, and their slots; before, those of the four subtrees. */
const ROWS: usize = 32;
const slotBytes: usize = memory.data(128, 16);

/**
 * out[s * stride + i] += the values of the leaves of row i of a tile, n <= TILE, tree after tree: `outputs` values of a leaf go to as many
 * slots s, from the tree's first on. At `beside` from a leaf is its value (float64), or with several outputs the number of its values
 * (uint32). The set of a node lies at 4 * node + where the tree says. `sums` has room for 8 * slots * TILE bytes.
 */
export function addRanked(
  tile: usize,
  n: i32,
  trees: usize,
  count: i32,
  beside: usize,
  values: usize,
  outputs: i32,
  slots: i32,
  sums: usize,
  out: usize,
  stride: u32,
): void {
  const row: usize = 8 * <usize>slots;
  for (let s = 0; s < slots; s++) {
    const from = out + 8 * <usize>stride * <usize>s;
    for (let i = 0; i < n; i++) store<f64>(sums + 8 * <usize>(i * slots + s), load<f64>(from + 8 * <usize>i));
  }
  for (let t = 0; t < count; t++) {
    const tree = trees + TREE * <usize>t;
    const own = sums + 8 * <usize>load<u32>(tree, 8);
    if (load<u32>(tree, 12)) addTree(tree, tile, n, beside, values, outputs, row, own, true);
    else addTree(tree, tile, n, beside, values, outputs, row, own, false);
  }
  for (let s = 0; s < slots; s++) {
    const to = out + 8 * <usize>stride * <usize>s;
    for (let i = 0; i < n; i++) store<f64>(to + 8 * <usize>i, load<f64>(sums + 8 * <usize>(i * slots + s)));
  }
}

/** Rows are taken by 32, also those that are not there: any bytes lead to a leaf. */
// @ts-ignore: decorator
@inline
function addTree(
  tree: usize,
  tile: usize,
  n: i32,
  beside: usize,
  values: usize,
  outputs: i32,
  row: usize,
  own: usize,
  hasSets: bool,
): void {
  const root = <usize>load<u32>(tree);
  const levels = load<i32>(tree, 4);
  const sets = <usize>load<u32>(tree, 16);
  for (let i: usize = 0; i < <usize>n; i += ROWS) {
    const at = tile + i;
    if (!hasSets) findSlots(root, at);
    if (hasSets) {
      for (let r: usize = 0; r < ROWS; r += 4) {
        const to = own + row * (i + r);
        addFour(root, root, root, root, levels, at + r, beside, sets, values, outputs, row, to, true);
      }
    } else {
      for (let r: usize = 0; r < ROWS; r += 8) addEight(root, slotBytes + r, levels, at + r, beside, values, outputs, row, own + row * (i + r));
    }
  }
}

/** Of 32 rows, the table's four subtrees of three levels, one after another, and then the three nodes above them. */
// @ts-ignore: decorator
@inline
function findSlots(table: usize, rows: usize): void {
  const low = rows;
  const high = rows + 16;
  for (let subtree: usize = 0; subtree < 4; subtree++) {
    const at = table + NODE * (3 + 7 * subtree);
    const first = evens + 64 * subtree;
    const to = slotBytes + 32 * subtree;
    let slot = v128.load(first);
    let left0 = i8x16.sub(slot, goesRight(at, 2, low));
    let left1 = i8x16.sub(slot, goesRight(at, 2, high));
    slot = v128.load(first, 16);
    let right0 = i8x16.sub(slot, goesRight(at, 3, low));
    let right1 = i8x16.sub(slot, goesRight(at, 3, high));
    left0 = either(left0, right0, at, 1, low);
    left1 = either(left1, right1, at, 1, high);
    slot = v128.load(first, 32);
    let other0 = i8x16.sub(slot, goesRight(at, 5, low));
    let other1 = i8x16.sub(slot, goesRight(at, 5, high));
    slot = v128.load(first, 48);
    right0 = i8x16.sub(slot, goesRight(at, 6, low));
    right1 = i8x16.sub(slot, goesRight(at, 6, high));
    other0 = either(other0, right0, at, 4, low);
    other1 = either(other1, right1, at, 4, high);
    v128.store(to, either(left0, other0, at, 0, low));
    v128.store(to, either(left1, other1, at, 0, high), 16);
  }
  for (let half: usize = 0; half < 32; half += 16) {
    const from = slotBytes + half;
    const left = either(v128.load(from), v128.load(from, 32), table, 1, rows + half);
    const right = either(v128.load(from, 64), v128.load(from, 96), table, 2, rows + half);
    v128.store(from, either(left, right, table, 0, rows + half));
  }
}

// @ts-ignore: decorator
@inline
function either(left: v128, right: v128, table: usize, node: usize, rows: usize): v128 {
  return i8x16.max_u(left, v128.and(right, goesRight(table, node, rows)));
}

// @ts-ignore: decorator
@inline
function goesRight(table: usize, node: usize, rows: usize): v128 {
  const at = table + NODE * node;
  return i8x16.gt_s(v128.load(rows + <usize>load<u32>(at)), v128.load32_splat(at + 4));
}

// @ts-ignore: decorator
@inline
function nodeOf(table: usize, place: usize): usize {
  return <usize>load<u32>(table + 4 * <usize>load<u8>(place), NODE * INNER);
}

/** From their slots of a table. */
// @ts-ignore: decorator
@inline
function addEight(
  table: usize,
  slots: usize,
  levels: i32,
  rows: usize,
  beside: usize,
  values: usize,
  outputs: i32,
  row: usize,
  to: usize,
): void {
  let a = nodeOf(table, slots);
  let b = nodeOf(table, slots + 1);
  let c = nodeOf(table, slots + 2);
  let d = nodeOf(table, slots + 3);
  let e = nodeOf(table, slots + 4);
  let f = nodeOf(table, slots + 5);
  let g = nodeOf(table, slots + 6);
  let h = nodeOf(table, slots + 7);
  for (let level = 0; level < levels; level++) {
    a = next(a, rows, 0, false);
    b = next(b, rows + 1, 0, false);
    c = next(c, rows + 2, 0, false);
    d = next(d, rows + 3, 0, false);
    e = next(e, rows + 4, 0, false);
    f = next(f, rows + 5, 0, false);
    g = next(g, rows + 6, 0, false);
    h = next(h, rows + 7, 0, false);
    if (level < SHALLOW || level & 1) continue;
    if (isLeaf(a) && isLeaf(b) && isLeaf(c) && isLeaf(d) && isLeaf(e) && isLeaf(f) && isLeaf(g) && isLeaf(h)) break;
  }
  addFourValues(a, b, c, d, beside, values, outputs, row, to);
  addFourValues(e, f, g, h, beside, values, outputs, row, to + 4 * row);
}

// @ts-ignore: decorator
@inline
function addFour(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  levels: i32,
  rows: usize,
  beside: usize,
  sets: usize,
  values: usize,
  outputs: i32,
  row: usize,
  to: usize,
  hasSets: bool,
): void {
  for (let level = 0; level < levels; level++) {
    a = next(a, rows, sets, hasSets);
    b = next(b, rows + 1, sets, hasSets);
    c = next(c, rows + 2, sets, hasSets);
    d = next(d, rows + 3, sets, hasSets);
    if (level < SHALLOW || level & 1) continue;
    if (isLeaf(a) && isLeaf(b) && isLeaf(c) && isLeaf(d)) break;
  }
  addFourValues(a, b, c, d, beside, values, outputs, row, to);
}

// @ts-ignore: decorator
@inline
function addFourValues(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  beside: usize,
  values: usize,
  outputs: i32,
  row: usize,
  to: usize,
): void {
  if (outputs == 1) {
    store<f64>(to, load<f64>(to) + load<f64>(a + beside));
    store<f64>(to + row, load<f64>(to + row) + load<f64>(b + beside));
    store<f64>(to + 2 * row, load<f64>(to + 2 * row) + load<f64>(c + beside));
    store<f64>(to + 3 * row, load<f64>(to + 3 * row) + load<f64>(d + beside));
    return;
  }
  addValues(values, outputs, a + beside, to);
  addValues(values, outputs, b + beside, to + row);
  addValues(values, outputs, c + beside, to + 2 * row);
  addValues(values, outputs, d + beside, to + 3 * row);
}

// @ts-ignore: decorator
@inline
function isLeaf(node: usize): bool {
  return <usize>load<u32>(node) == node;
}

// @ts-ignore: decorator
@inline
function next(node: usize, row: usize, sets: usize, hasSets: bool): usize {
  const byte = row + <usize>(load<u32>(node, 4) >> 8);
  let right: u32;
  if (hasSets) {
    const value = load<u8>(byte);
    right = (load<u8>(4 * node + sets + <usize>(value >> 3)) >> (value & 7)) & 1;
  } else {
    right = <u32>(<i32>load<i8>(node, 4) - load<i8>(byte)) >> 31;
  }
  return <usize>(load<u32>(node) + (right << 3));
}

// @ts-ignore: decorator
@inline
function addValues(values: usize, outputs: i32, number: usize, to: usize): void {
  const value = values + 8 * <usize>outputs * <usize>load<u32>(number);
  for (let s: usize = 0; s < 8 * <usize>outputs; s += 8) store<f64>(to + s, load<f64>(to + s) + load<f64>(value + s));
}
