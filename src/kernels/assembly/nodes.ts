/** The best splits by numbers of many nodes of a forest, in one call: what crosses to the host costs more than the search in a small node. */
import { channelOf, rowsOf, searchPurity } from "./purity";

/**
 * Each of `n` runs of `size` bytes at `runs` says where the sums of a node begin, one of its columns after another (uint32), how many bytes
 * a number of them has (uint32), and which columns they are (`looked` of uint32, and one more where they are odd). What the node is
 * and the best split so far follow as `searchPurity` has them, whose other parameters are here too. Where a column gains more, the side of
 * the split becomes that of missing values, 1 for left: where a column has none they go with the heavier child. Behind is then what goes
 * left: the channels without their factors, and rows. `bins` has those of every column of the table (uint32).
 */
export function searchNodes(
  runs: usize,
  n: i32,
  size: usize,
  looked: i32,
  bins: usize,
  channels: i32,
  counted: bool,
  kind: i32,
  factors: usize,
  least: f64,
): void {
  for (let i = 0; i < n; i++, runs += size) {
    const width = load<i32>(runs, 4);
    const cell = width * (channels + <i32>counted);
    const columns = runs + 8;
    const node = columns + 8 * <usize>((looked + 1) >> 1);
    const found = node + 8 * <usize>(channels + 3);
    let sums = <usize>load<u32>(runs);
    let best: usize = 0;
    for (let j: usize = 0; j < <usize>looked; j++) {
      const column = load<i32>(columns + 4 * j);
      const own = load<i32>(bins + 4 * <usize>column);
      const before = load<f64>(found);
      searchPurity(sums, own, channels, cell, width, counted, kind, factors, node, least, column, found);
      if (load<f64>(found) > before) best = sums;
      sums += <usize>(own * cell);
    }
    if (best) takeLeft(best, load<i32>(bins + 4 * <usize>load<f64>(found, 8)), channels, cell, width, counted, kind, node, found);
  }
}

function takeLeft(sums: usize, bins: i32, channels: i32, cell: i32, width: i32, counted: bool, kind: i32, node: usize, found: usize): void {
  const missing = sums + <usize>(cell * (bins - 1));
  const weight = load<f64>(found, 32);
  const heavier = weight > load<f64>(node + 8 * <usize>channels) - weight;
  const isLeft = rowsOf(missing, channels, cell, width, counted, kind) > 0 ? load<f64>(found, 24) == 1 : heavier;
  store<f64>(found, <f64>isLeft, 24);
  const end = sums + <usize>(cell * (<i32>load<f64>(found, 16) + 1));
  const left = found + 40;
  let rows = isLeft ? rowsOf(missing, channels, cell, width, counted, kind) : 0;
  for (let k: usize = 0; k < <usize>channels; k++) store<f64>(left + 8 * k, isLeft ? channelOf(missing, k, width) : 0);
  for (let at = sums; at < end; at += cell) {
    rows += rowsOf(at, channels, cell, width, counted, kind);
    for (let k: usize = 0; k < <usize>channels; k++) store<f64>(left + 8 * k, load<f64>(left + 8 * k) + channelOf(at, k, width));
  }
  store<f64>(left + 8 * <usize>channels, rows);
}
