import type { ParquetType } from "hyparquet";
import type { Codes } from "../columns.ts";
import { pointsBehind, readHybrid } from "./hybrid.ts";
import type { Kind } from "./kinds.ts";
import { readDefined } from "./levels.ts";
import { toPlain } from "./plain.ts";
import type { Scratch } from "./scratch.ts";
import { isIndexed, type Sink } from "./sink.ts";

const MISSING = 0xffff_ffff;

/** The dictionary of a chunk: where its values lie, and the code of those that some row has used. */
interface ChunkDictionary {
  readonly values: Buffer;
  readonly bounds: Uint32Array;
  readonly codes: Uint32Array;
}

/** Collects a column of `rows` texts as codes into one dictionary, in the order in which rows first show them. */
export function stringSink(rows: number, scratch: Scratch): Sink {
  const codes = new Uint32Array(rows);
  const texts: string[] = [];
  const codeOf = new Map<string, number>();
  let dictionary: ChunkDictionary | undefined;
  let kind: Kind;
  let physical: ParquetType;

  const encode = (text: string): number => {
    let code = codeOf.get(text);
    if (code === undefined) {
      code = texts.length;
      texts.push(text);
      codeOf.set(text, code);
    }
    return code;
  };

  const encodeEntry = (entries: ChunkDictionary, index: number): number => {
    if (index >= entries.codes.length) throw pointsBehind(index, entries.codes.length);
    const code = encode(kind.text(entries.values, entries.bounds[2 * index], entries.bounds[2 * index + 1]));
    entries.codes[index] = code;
    return code;
  };

  return {
    open(nextKind, nextType) {
      kind = nextKind;
      physical = nextType;
      dictionary = undefined;
    },
    dictionary(page) {
      const values = Buffer.from(page.values);
      dictionary = { values, bounds: boundsOf(values, page.count, kind.width), codes: new Uint32Array(page.count).fill(MISSING) };
    },
    data(page, row) {
      const { flags, count } = readDefined(page, scratch);
      if (isIndexed(page)) {
        const entries = dictionary ?? { values: page.values, bounds: new Uint32Array(0), codes: new Uint32Array(0) };
        const indexes = scratch.indexes(count);
        readHybrid(page.values.subarray(1), page.values[0] ?? 0, count, indexes);
        for (let i = 0; i < count; i++) {
          const code = entries.codes[indexes[i]];
          codes[row + i] = code < MISSING ? code : encodeEntry(entries, indexes[i]);
        }
      } else {
        const plain = toPlain(page.values, page.encoding, physical, kind.width, count);
        const bounds = boundsOf(plain, count, kind.width);
        for (let i = 0; i < count; i++) codes[row + i] = encode(kind.text(plain, bounds[2 * i], bounds[2 * i + 1]));
      }
      if (flags !== undefined) spread(codes, row, flags, count);
    },
    column: () => ({ type: "string", codes: narrowCodes(codes, texts.length), dictionary: texts }),
  };
}

/** Where each of `count` values starts and ends. */
function boundsOf(values: Buffer, count: number, width: number): Uint32Array {
  const bounds = new Uint32Array(2 * count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const length = width === 0 ? values.readUInt32LE(at) : width;
    if (width === 0) at += 4;
    bounds[2 * i] = at;
    at += length;
    bounds[2 * i + 1] = at;
    if (at > values.length) throw new RangeError("values end too early");
  }
  return bounds;
}

/** As for numbers: from the end. */
function spread(codes: Uint32Array, row: number, flags: Uint8Array, count: number): void {
  let from = row + count;
  for (let i = flags.length - 1; i >= 0; i--) codes[row + i] = flags[i] === 1 ? codes[--from] : MISSING;
}

/** The code of a missing value is the length of the dictionary. */
function narrowCodes(codes: Uint32Array, missing: number): Codes {
  const out = missing < 256 ? new Uint8Array(codes.length) : missing < 65_536 ? new Uint16Array(codes.length) : codes;
  for (let i = 0; i < codes.length; i++) out[i] = codes[i] === MISSING ? missing : codes[i];
  return out;
}
