/** Products with compressed sparse rows: row i holds entries [offsets[i], offsets[i + 1]), each a uint32 column and a float64 value. */

/** z[i] = b + the sum of value * w[column] over the row's entries, in their order. */
export function sparseMargins(offsets: usize, indices: usize, values: usize, rows: i32, w: usize, b: f64, z: usize): void {
  let entry: usize = load<u32>(offsets);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const end: usize = load<u32>(offsets + 4 * i, 4);
    let s = b;
    for (; entry < end; entry++) s += load<f64>(values + 8 * entry) * load<f64>(w + 8 * <usize>load<u32>(indices + 4 * entry));
    store<f64>(z + 8 * i, s);
  }
}

/** g[column] += r[i] * value over all entries, row by row. */
export function sparseGradient(offsets: usize, indices: usize, values: usize, rows: i32, r: usize, g: usize): void {
  let entry: usize = load<u32>(offsets);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const end: usize = load<u32>(offsets + 4 * i, 4);
    const residual = load<f64>(r + 8 * i);
    for (; entry < end; entry++) {
      const address = g + 8 * <usize>load<u32>(indices + 4 * entry);
      store<f64>(address, load<f64>(address) + residual * load<f64>(values + 8 * entry));
    }
  }
}
