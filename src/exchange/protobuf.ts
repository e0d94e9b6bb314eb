/** As much of protobuf's wire format as an ONNX file needs (protobuf.dev, "Encoding"): messages are lists of fields, each already bytes. */

export type Field = Uint8Array;

const utf8 = new TextEncoder();

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return bytes;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Whole numbers, enums and truth values. */
export const int = (number: number, value: number): Field => Uint8Array.from([...varint(number << 3), ...varint(value)]);

export const bytes = (number: number, value: Uint8Array): Field =>
  joined([Uint8Array.from([...varint((number << 3) | 2), ...varint(value.length)]), value]);

export const text = (number: number, value: string): Field => bytes(number, utf8.encode(value));

export const message = (number: number, fields: readonly Field[]): Field => bytes(number, joined(fields));

/** Whole numbers, packed. */
export const ints = (number: number, values: ArrayLike<number>): Field => {
  const packed: number[] = [];
  for (let i = 0; i < values.length; i++) for (const byte of varint(values[i])) packed.push(byte);
  return bytes(number, Uint8Array.from(packed));
};
