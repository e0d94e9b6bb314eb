/**
 * Blocks of numbers on their way out of the kernel. The first ones of a column are float64; once it is known to hold whole numbers, or decimals
 * of some places, the kernel is asked to read the next ones as that, which spares making floats and taking them apart again. What is collected
 * is the same to the last bit.
 */
import { appendNumbers, type CollectedNumbers, tellsForm, type WholeBlock, wholePlaces } from "./collect-numbers.ts";
import type { CsvKernels } from "./kernel.ts";
import { FLOATS, get, set } from "./scan.ts";

export interface NumberBlocks {
  readonly numbers: CollectedNumbers;
  /** Address of the column record. */
  readonly record: number;
  /** Missing tokens that are numbers. */
  readonly missing: readonly number[];
  /** Places that the kernel was told for this block; null for float64. */
  asked: number | null;
  /** Places for which that did not do. */
  givenUp: number | null;
}

/** One number in so many that is not among those that the kernel takes four at a time is one too many. */
const OTHERS = 8;

/** Takes the block of `rows` rows, and asks for the next. `whole` and the place in the parts are those of `appendNumbers`. */
export function takeBlock(
  k: CsvKernels,
  blocks: NumberBlocks,
  whole: number,
  place: readonly [number, number, number],
  rows: number,
): void {
  const { numbers, record, missing, asked } = blocks;
  const out = get(k, "column", record, "out");
  const found = wholeBlock(k, record);
  const failed = found === null || OTHERS * get(k, "column", record, "others") > rows;
  const block = found !== null && tellsForm(numbers, found) ? found : null;
  if (found !== null && block === null) k.csvFloats(record, rows);
  if (missing.length > 0) leaveOut(new Float64Array(k.memory.buffer, out, rows), missing);
  appendNumbers(k, numbers, [out, whole], place, rows, block);
  const places = missing.length > 0 ? null : wholePlaces(numbers);
  if (failed && places === asked) blocks.givenUp = places;
  blocks.asked = places === blocks.givenUp ? null : places;
  set(k, "column", record, { places: blocks.asked ?? FLOATS, least: 0, most: 0, missing: 0, others: 0 });
}

/** What the kernel noticed of whole numbers; null where the block became one of float64, or was to be one. */
function wholeBlock(k: CsvKernels, record: number): WholeBlock | null {
  if (get(k, "column", record, "places") === FLOATS) return null;
  const [least, most] = [get(k, "column", record, "least") | 0, get(k, "column", record, "most") | 0];
  return { record, least, most, missing: get(k, "column", record, "missing") === 1 };
}

/** A missing token that is a number. */
function leaveOut(values: Float64Array, missing: readonly number[]): void {
  for (let row = 0; row < values.length; row++) if (missing.includes(values[row])) values[row] = Number.NaN;
}
