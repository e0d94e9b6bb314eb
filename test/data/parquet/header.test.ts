import * as fc from "fast-check";
import { parquetHeader } from "hyparquet/src/column.js";
import { ByteWriter } from "hyparquet-writer";
import { serializeTCompactProtocol } from "hyparquet-writer/src/thrift.js";
import { expect, test } from "vitest";
import { readHeader } from "../../../src/data/parquet/header.ts";

type Fields = Parameters<typeof serializeTCompactProtocol>[1];

function written(fields: Fields): Uint8Array {
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer, fields);
  return writer.getBytes().slice();
}

const readerOf = (bytes: Uint8Array) => ({ view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 });

const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const encoding = fc.integer({ min: 0, max: 9 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** What is passed over: bytes, long numbers, lists and truth values of statistics, and fields of a later format. */
const others = {
  field_20: optional(fc.double()),
  field_21: optional(fc.array(int32, { maxLength: 40 })),
  field_22: optional(fc.array(fc.boolean(), { maxLength: 20 })),
  field_23: optional(fc.array(fc.record({ field_1: int32 }), { maxLength: 3 })),
  field_400: optional(int32),
};
const statistics = optional(
  fc.record({
    field_1: fc.uint8Array({ maxLength: 300 }),
    field_3: fc.bigInt({ min: -(1n << 62n), max: 1n << 62n }),
    field_5: fc.uint8Array({ maxLength: 9 }),
    field_7: fc.boolean(),
  }),
);
/** The writer takes fields in the order of their numbers. */
const header = (type: number, body: object) =>
  fc.record({ field_1: fc.constant(type), field_2: int32, field_3: int32, field_4: optional(int32), ...body, ...others });
const headers = fc.oneof(
  header(0, {
    field_5: fc.record({ field_1: int32, field_2: encoding, field_3: encoding, field_4: encoding, field_5: statistics }),
  }),
  header(2, { field_7: fc.record({ field_1: int32, field_2: encoding, field_3: optional(fc.boolean()) }) }),
  header(3, {
    field_8: fc.record({
      field_1: int32,
      field_2: int32,
      field_3: int32,
      field_4: encoding,
      field_5: int32,
      field_6: int32,
      field_7: optional(fc.boolean()),
      field_8: statistics,
    }),
  }),
  header(1, { field_6: fc.constant({}) }),
);

test("says what a parser of the whole protocol says, and ends where that ends", () => {
  void fc.assert(
    fc.property(headers, (fields) => {
      const bytes = written(fields as Fields);
      const [own, whole] = [readerOf(bytes), readerOf(bytes)];
      const expected = parquetHeader(whole);
      const { bytes: size, compressedBytes, body } = readHeader(own);
      expect([size, compressedBytes, own.offset]).toEqual([expected.uncompressed_page_size, expected.compressed_page_size, bytes.length]);
      expect(whole.offset).toBe(bytes.length);
      const { dictionary_page_header: dictionary, data_page_header: data, data_page_header_v2: data2 } = expected;
      if (dictionary) expect(body).toMatchObject({ kind: "dictionary", count: dictionary.num_values, encoding: "PLAIN" });
      else if (data)
        expect(body).toMatchObject({
          kind: "data",
          count: data.num_values,
          encoding: data.encoding,
          levelEncoding: data.definition_level_encoding,
        });
      else if (data2)
        expect(body).toMatchObject({
          kind: "data2",
          count: data2.num_values,
          encoding: data2.encoding,
          definitionBytes: data2.definition_levels_byte_length,
          repetitionBytes: data2.repetition_levels_byte_length,
          isCompressed: data2.is_compressed,
        });
      else expect(body).toBeUndefined();
    }),
    { seed: 12, numRuns: 300 },
  );
});

test("refuses every header that is cut off, and types that the protocol has not", () => {
  const bytes = written({
    field_1: 0,
    field_2: 300,
    field_3: 5,
    field_5: { field_1: 7, field_2: 0, field_3: 3, field_5: { field_5: new Uint8Array(40) } },
  } as Fields);
  for (let end = 0; end < bytes.length; end++) expect(() => readHeader(readerOf(bytes.subarray(0, end)))).toThrow(RangeError);
  expect(() => readHeader(readerOf(Uint8Array.of(0x1d, 0)))).toThrow(new RangeError("a page header with a field of type 13"));
});
