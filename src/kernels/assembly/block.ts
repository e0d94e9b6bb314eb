/**
 * All columns of a block in one call: V8 compiles a loop over calls of many kernels in forty times the time that this one takes, anew for
 * every kind of column that comes up.
 *
 * A record a column, or a run of columns of the same codes, of 48 bytes: uint32 kind, number of the window that it reads, address of its
 * (first) column, whether it keeps missing values, address of the table of values by code (of decimals their places), columns of a run; then float64 fill, shift and
 * scale. `windows` holds, for each window, the address at which it would begin if it held the part's row 0.
 */
import {
  encodeCodes8, encodeCodes16, encodeCodes32, encodeDecimals8, encodeDecimals16, encodeDecimals32, encodeFloat32, encodeFloat64, encodeInt8, encodeInt16, encodeInt32, encodeRun8, encodeRun16, encodeRun32,
} from "./encode";

const RECORD: usize = 48;

/**
 * `step`: bytes from a column of a run to the next. Odd rows get a zero behind them. Answers the first record that has a missing value which
 * it does not keep, or -1.
 */
export function encodeBlock(records: usize, count: i32, windows: usize, index: usize, rows: i32, step: usize): i32 {
  for (let r = 0; r < count; r++) {
    const record = records + RECORD * <usize>r;
    const out: usize = load<u32>(record, 8);
    const missing = encodeRecord(record, load<u32>(windows + 4 * <usize>load<u32>(record, 4)), index, rows, out, step);
    if (missing >= 0 && load<u32>(record, 12) == 0) return r;
    if ((rows & 1) == 0) continue;
    const columns = max(1, load<u32>(record, 20));
    for (let j: u32 = 0; j < columns; j++) store<f64>(out + step * <usize>j + 8 * <usize>rows, 0);
  }
  return -1;
}

function encodeRecord(record: usize, source: usize, index: usize, rows: i32, out: usize, step: usize): i32 {
  const table: usize = load<u32>(record, 16);
  const columns = load<i32>(record, 20);
  const fill = load<f64>(record, 24);
  const shift = load<f64>(record, 32);
  const scale = load<f64>(record, 40);
  switch (load<u32>(record)) {
    case 0: return encodeInt8(source, index, rows, out, fill, shift, scale);
    case 1: return encodeInt16(source, index, rows, out, fill, shift, scale);
    case 2: return encodeInt32(source, index, rows, out, fill, shift, scale);
    case 3: return encodeFloat32(source, index, rows, out, fill, shift, scale);
    case 4: return encodeFloat64(source, index, rows, out, fill, shift, scale);
    case 5: return encodeCodes8(source, index, rows, out, table);
    case 6: return encodeCodes16(source, index, rows, out, table);
    case 7: return encodeCodes32(source, index, rows, out, table);
    case 8: return encodeRun8(source, index, rows, out, step, table, columns);
    case 9: return encodeRun16(source, index, rows, out, step, table, columns);
    case 10: return encodeRun32(source, index, rows, out, step, table, columns);
    case 11: return encodeDecimals8(source, index, rows, out, fill, shift, scale, <i32>table);
    case 12: return encodeDecimals16(source, index, rows, out, fill, shift, scale, <i32>table);
    default: return encodeDecimals32(source, index, rows, out, fill, shift, scale, <i32>table);
  }
}
