/** The kernels that read Parquet pages (src/kernels/assembly/hybrid.ts, snappy.ts): what they export. */
import type { Kernels } from "../../kernels/kernels.ts";

export interface ParquetKernels extends Kernels {
  /** -1 when done, -2 when the bytes end too early, else an index that points behind the dictionary. */
  lookUpHybrid(cursor: number, count: number, table: number, entries: number, width: number, out: number): number;
  /** Fills [out, out + size) from the block [at, end); 0 where the block is damaged or does not give exactly `size` bytes. */
  uncompressSnappy(at: number, end: number, out: number, size: number): number;
}
