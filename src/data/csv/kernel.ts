/** The CSV kernel (src/kernels/assembly/csv.ts): what it exports. */
import type { Kernels } from "../../kernels/kernels.ts";

/** Addresses are byte offsets into `memory`. csvScan, csvWords and csvToken may grow it, which detaches views made before. */
export interface CsvKernels extends Kernels {
  /** Runs over the text of a scan record: see scan.ts. */
  csvScan(scan: number): number;
  /** Offset after the first line end outside quotes in text[from, to), `inside` being the quote state at `from`; -1 none, -2 none and inside. */
  csvSkip(text: number, from: number, to: number, inside: number): number;
  /** A new empty dictionary. */
  csvWords(): number;
  /** Adds a missing token to a dictionary. */
  csvToken(words: number, text: number, length: number): void;
  /** Makes the first n whole numbers of a column record float64. */
  csvFloats(column: number, n: number): void;
  /** `holders` of narrow.ts over n float64 with room for a multiple of four. */
  holders(values: number, n: number): number;
  /** Converts n float64 in place to integers of `width` bytes. */
  storeInts(values: number, n: number, width: number): void;
  /** Converts n float64 in place to float32. */
  storeFloats(values: number, n: number): void;
  /**
   * n float64 with room for a multiple of four as whole numbers of 10^-places, int32 at `out`, the least one for NaN. Answers the bytes that
   * each needs, 1, 2 or 4; 0 where a value is no such decimal.
   */
  decimals(values: number, n: number, places: number, out: number): number;
  /** Converts n int32 in place to integers of `width` bytes, 1 or 2; the least becomes the least. */
  narrowInts(ints: number, n: number, width: number): void;
  /** Converts n uint32 codes in place to `width` bytes, 1 or 2. */
  storeCodes(codes: number, n: number, width: number): void;
}
