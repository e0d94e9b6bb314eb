/**
 * Numbers as codes, where a column is encoded by what they are equal to (one-hot, positions of levels): what is asked of each number is then
 * asked once a part, and rows are looked up by the kernel as those of strings are. Asked row by row, it took ten times as long as training.
 */
import { type Codes, type NumberColumn, storedNumbers } from "../../data/columns.ts";
import { absent, TENS } from "../../kernels/decimals.ts";

export interface CodedNumbers {
  readonly codes: Codes;
  /** The number of each code; NaN where it stands for a missing value. All of them occur. */
  readonly values: Float64Array;
}

/** In a part: of more numbers that differ, a table of what they are encoded to would be larger than what it spares. */
const MOST_VALUES = 4_096;
/** Or than asking each row: rows that a number has on average, at least. */
const ROWS_A_VALUE = 8;

const codedBefore = new WeakMap<NumberColumn, CodedNumbers | null>();

/** Null where too many numbers differ; found once for as long as the column is in memory. */
export function codedNumbers(column: NumberColumn): CodedNumbers | null {
  let coded = codedBefore.get(column);
  if (coded === undefined) {
    coded = codedAs(column);
    codedBefore.set(column, coded);
  }
  return coded;
}

function codedAs(column: NumberColumn): CodedNumbers | null {
  const stored = storedNumbers(column);
  const source = "whole" in stored ? stored.whole : stored;
  const codes = new Uint16Array(source.length);
  const found: number[] = [];
  if (!code(source, codes, found)) return null;
  const numberOf = (number: number): number => {
    if (!("whole" in stored)) return number;
    return number === absent(stored.whole) ? Number.NaN : number / TENS[stored.places];
  };
  return { codes: found.length <= 256 ? Uint8Array.from(codes) : codes, values: Float64Array.from(found, numberOf) };
}

/** A loop of its own, as V8 compiles the whole of a function around it. A map takes NaN for one number, and 0 and -0. */
function code(source: ArrayLike<number>, codes: Uint16Array, found: number[]): boolean {
  const numbers = new Map<number, number>();
  const most = Math.min(MOST_VALUES, source.length / ROWS_A_VALUE);
  for (let i = 0; i < source.length; i++) {
    let number = numbers.get(source[i]);
    if (number === undefined) {
      if (found.length >= most) return false;
      number = found.push(source[i]) - 1;
      numbers.set(source[i], number);
    }
    codes[i] = number;
  }
  return true;
}
