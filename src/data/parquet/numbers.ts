import type { ParquetType } from "hyparquet";
import type { NumberColumn, NumberValues } from "../columns.ts";
import { narrowParts } from "../narrow.ts";
import type { Kind } from "./kinds.ts";
import { readDefined } from "./levels.ts";
import { lookUp } from "./lookup.ts";
import { toPlain } from "./plain.ts";
import type { Scratch } from "./scratch.ts";
import { isIndexed, type Sink } from "./sink.ts";

const storages = { int32: Int32Array, float32: Float32Array, float64: Float64Array };

/** Collects a column of `rows` numbers or dates whose kinds are all stored so; missing ones become NaN, and then integers float64. */
export function numberSink(rows: number, storage: Kind["storage"], type: NumberColumn["type"], scratch: Scratch): Sink {
  let values: NumberValues = new storages[storage](rows);
  let kind: Kind;
  let physical: ParquetType;
  const { memory } = scratch;

  const widen = (): void => {
    const entries = memory.entries(values).slice();
    values = new Float64Array(values);
    memory.entries(values).set(entries);
  };

  return {
    open(nextKind, nextType) {
      kind = nextKind;
      physical = nextType;
      // A chunk may come without a dictionary, and then its pages must not find that of another.
      memory.open(0);
    },
    dictionary(page) {
      kind.numbers(page.values, page.count, memory.entries(values), 0);
    },
    data(page, row) {
      const defined = readDefined(page, scratch);
      if (defined.flags !== undefined && values instanceof Int32Array) widen();
      if (isIndexed(page)) {
        const [bitWidth = 0] = page.values;
        lookUp(memory, page.values.subarray(1), bitWidth, defined.count, values, row);
      } else {
        const plain = toPlain(page.values, page.encoding, physical, kind.width, defined.count);
        kind.numbers(plain, defined.count, values, row);
      }
      if (defined.flags !== undefined) spread(values, row, defined.flags, defined.count);
    },
    column: () => ({ type, values: narrowest(values) }),
  };
}

/** FLOAT is its own narrowest: looking for integers in it is not worth a scan. Integers need their range only. */
function narrowest(values: NumberValues): NumberValues {
  if (values instanceof Float32Array) return values;
  if (!(values instanceof Int32Array)) return narrowParts([values])[0];
  let least = 0;
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > most) most = values[i];
  }
  if (least >= -128 && most <= 127) return new Int8Array(values);
  return least >= -32_768 && most <= 32_767 ? new Int16Array(values) : values;
}

/** Moves the `count` values at `row` to the rows that have one. From the end, so that none is overwritten before it has moved. */
function spread(values: NumberValues, row: number, flags: Uint8Array, count: number): void {
  let from = row + count;
  for (let i = flags.length - 1; i >= 0; i--) values[row + i] = flags[i] === 1 ? values[--from] : NaN;
}
