/**
 * The dataset's files: Apache Arrow IPC files, uncompressed, so that any Arrow reader opens them and ours copies nothing. Dictionaries
 * come first, then one record batch per part. A file's head (schema and dictionaries) and the bytes of one batch are enough to read a part.
 * https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 *
 * Missing numbers are NaN. Missing strings are null in the validity bitmap, and their code is the dictionary's length, as in memory; the
 * format leaves values under nulls open. Dates are float or integer columns whose field carries the metadata `steplearn: date`. Decimals are
 * integer columns with the metadata `steplearn: decimals` and `places`, how many of their digits stand behind the point; the least number of
 * their type is a missing value.
 */
import {
  type Data,
  DataType,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Message,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchReader,
  Schema,
  Struct,
  Uint8,
  Uint16,
  Uint32,
  Utf8,
  Vector,
} from "apache-arrow";
import {
  type Codes,
  type Column,
  decimalColumn,
  hasCode,
  type NumberColumn,
  type NumberValues,
  type StringColumn,
  type Table,
} from "./columns.ts";

interface ByteRange {
  readonly startByte: number;
  readonly endByte: number;
}

export interface ArrowFile {
  /** Its bytes in pieces. Those of the columns are the columns' own memory. */
  readonly pieces: readonly Uint8Array[];
  /** Schema and dictionaries. */
  readonly head: ByteRange;
  /** One record batch each, in the order of the parts. */
  readonly parts: readonly ByteRange[];
}

const TYPE_KEY = "steplearn";
const PLACES_KEY = "places";
/** `ARROW1` and two bytes of padding; a stream of messages follows. */
const MAGIC_BYTES = 8;

/**
 * The writer knows where it put the batches, for the footer; to the footer's schema it adds the one that the format has at the start. What
 * it writes is kept as it is: joining it would copy every column once more.
 */
class PartWriter extends RecordBatchFileWriter {
  readonly pieces: Uint8Array[] = [];

  protected override _write(piece: ArrayBufferView): this {
    const { buffer, byteOffset, byteLength } = piece;
    if (byteLength > 0) this.pieces.push(new Uint8Array(buffer, byteOffset, byteLength));
    this._position += byteLength;
    return this;
  }

  protected override _writeSchema(schema: Schema): this {
    return super._writeSchema(schema)._writeMessage(Message.from(schema));
  }

  ranges(): ByteRange[] {
    return this._recordBatchBlocks.map(({ offset, metaDataLength, bodyLength }) => ({
      startByte: Number(offset),
      endByte: Number(offset) + metaDataLength + Number(bodyLength),
    }));
  }
}

/**
 * One Arrow file with a record batch per part. All parts must have the same columns, storage types and dictionaries, as those of one cut do.
 * No parts give a file without columns.
 */
export function writeArrow(parts: readonly Table[]): ArrowFile {
  const first = parts[0]?.columns ?? {};
  const dictionaries = new Map<string, Vector<Utf8>>();
  const fields = Object.entries(first).map(([name, column], id) => {
    if (column.type === "string") dictionaries.set(name, utf8Vector(column.dictionary));
    return fieldOf(name, column, id);
  });
  const schema = new Schema(fields);
  const writer = new PartWriter();
  writer.reset(undefined, schema);
  for (const part of parts) {
    const children = fields.map((field) => dataOf(part.columns[field.name], first[field.name], field, dictionaries));
    writer.write(new RecordBatch(schema, makeData({ type: new Struct(fields), length: part.rows, nullCount: 0, children })));
  }
  const ranges = writer.ranges();
  const { pieces } = writer.finish();
  const endByte = ranges[0]?.startByte ?? pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { pieces, head: { startByte: 0, endByte }, parts: ranges };
}

/** A part from its file's head and its own bytes. The columns lie on `part` where that starts at a multiple of 8 bytes, else on a copy. */
export function readArrow(head: Uint8Array, part: Uint8Array): Table {
  const [table] = tablesOf(RecordBatchReader.from([head.subarray(MAGIC_BYTES), part]).open());
  return table;
}

/** Every part of a file, without copying. */
export function readArrowFile(bytes: Uint8Array): Table[] {
  const reader = RecordBatchReader.from(bytes).open();
  return reader.numRecordBatches === 0 ? [] : tablesOf(reader);
}

function tablesOf(batches: Iterable<RecordBatch>): Table[] {
  const dictionaries = new Map<Vector, readonly string[]>();
  return Array.from(batches, (batch) => tableOf(batch, dictionaries));
}

function fieldOf(name: string, column: Column, id: number): Field {
  if (column.type === "string") return new Field(name, new Dictionary(new Utf8(), codeType(column.codes), id), true);
  return new Field(name, numberType(numbersOf(column)), false, new Map(metadataOf(column)));
}

function metadataOf({ type, decimals }: NumberColumn): [string, string][] {
  if (decimals === undefined) return type === "date" ? [[TYPE_KEY, "date"]] : [];
  return [
    [TYPE_KEY, "decimals"],
    [PLACES_KEY, String(decimals.places)],
  ];
}

/** As they are stored. */
const numbersOf = (column: NumberColumn): NumberValues => (column.decimals === undefined ? column.values : column.decimals.whole);

function numberType(values: NumberValues): DataType {
  if (values instanceof Int8Array) return new Int8();
  if (values instanceof Int16Array) return new Int16();
  if (values instanceof Int32Array) return new Int32();
  return values instanceof Float32Array ? new Float32() : new Float64();
}

function codeType(codes: Codes): Uint8 | Uint16 | Uint32 {
  if (codes instanceof Uint8Array) return new Uint8();
  return codes instanceof Uint16Array ? new Uint16() : new Uint32();
}

/** The column's own memory, as Arrow describes it. */
function dataOf(column: Column, first: Column, field: Field, dictionaries: ReadonlyMap<string, Vector<Utf8>>): Data {
  const { type } = field;
  if (column?.type !== first.type || storageOf(column) !== storageOf(first)) {
    throw new TypeError(`column "${field.name}" must be stored alike in all parts of a file`);
  }
  if (column.type !== "string")
    return makeData({ type: type as Float64, length: numbersOf(column).length, nullCount: 0, data: numbersOf(column) as Float64Array });
  if (!sameStrings(column.dictionary, (first as StringColumn).dictionary)) {
    throw new TypeError(`column "${field.name}" must have one dictionary in all parts of a file`);
  }
  const { bitmap, nullCount } = validity(column);
  const dictionary = dictionaries.get(field.name) as Vector<Utf8>;
  return makeData({
    type: type as Dictionary<Utf8>,
    length: column.codes.length,
    nullCount,
    nullBitmap: bitmap,
    data: column.codes,
    dictionary,
  });
}

const storageOf = (column: Column): string =>
  column.type === "string" ? column.codes.constructor.name : `${numbersOf(column).constructor.name} ${column.decimals?.places}`;

const sameStrings = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((text, i) => text === b[i]));

/** One bit a row, set where there is a value; none where no value is missing. */
function validity({ codes, dictionary }: StringColumn): { bitmap: Uint8Array | undefined; nullCount: number } {
  const missing = dictionary.length;
  if (!hasCode(codes, missing)) return { bitmap: undefined, nullCount: 0 };
  const bitmap = new Uint8Array(Math.ceil(codes.length / 8));
  let nullCount = codes.length;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] === missing) continue;
    bitmap[i >>> 3] |= 1 << (i & 7);
    nullCount--;
  }
  return { bitmap, nullCount };
}

function tableOf(batch: RecordBatch, dictionaries: Map<Vector, readonly string[]>): Table {
  const columns = batch.schema.fields.map((field, i): [string, Column] => {
    const data = batch.data.children[i];
    // The reader leaves the padding to 8 bytes in sight.
    const values = data.values.subarray(data.offset, data.offset + data.length);
    if (DataType.isDictionary(field.type))
      return [field.name, { type: "string", codes: values, dictionary: stringsOf(data.dictionary as Vector<Utf8>, dictionaries) }];
    const kind = field.metadata.get(TYPE_KEY);
    if (kind === "decimals") return [field.name, decimalColumn({ whole: values, places: Number(field.metadata.get(PLACES_KEY)) })];
    return [field.name, { type: kind === "date" ? "date" : "number", values }];
  });
  return { rows: batch.numRows, columns: Object.fromEntries(columns) };
}

/** Arrow's own builder takes some 3 µs a string, which shows where every row has its own. */
function utf8Vector(texts: readonly string[]): Vector<Utf8> {
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + 3 * text.length, 0));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (let i = 0; i < texts.length; i++) valueOffsets[i + 1] = valueOffsets[i] + bytes.write(texts[i], valueOffsets[i]);
  const data = bytes.subarray(0, valueOffsets[texts.length]);
  return new Vector([makeData({ type: new Utf8(), length: texts.length, nullCount: 0, valueOffsets, data })]);
}

/** Batches of one file share their dictionaries, and so do their columns. */
function stringsOf(vector: Vector<Utf8>, dictionaries: Map<Vector, readonly string[]>): readonly string[] {
  let strings = dictionaries.get(vector);
  if (strings === undefined) {
    strings = vector.data.flatMap(decodeStrings);
    dictionaries.set(vector, strings);
  }
  return strings;
}

/** All in one call where they are ASCII, whose bytes are characters. */
function decodeStrings({ values, valueOffsets, length }: Data<Utf8>): string[] {
  const start = valueOffsets[0];
  const bytes = Buffer.from(values.buffer, values.byteOffset + start, valueOffsets[length] - start);
  const whole = bytes.toString("utf8");
  const isAscii = whole.length === bytes.length;
  return Array.from({ length }, (_, i) => {
    const [from, to] = [valueOffsets[i] - start, valueOffsets[i + 1] - start];
    return isAscii ? whole.slice(from, to) : bytes.toString("utf8", from, to);
  });
}
