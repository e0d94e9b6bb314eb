/** What stores share: which keys and ranges they take, and the order of a listing. */
import { ConflictError, InputError } from "../../ports/errors.ts";

/** Files by this prefix are the store's own: content on its way, and locks. */
export const OWN_FILES = ".steplearn-";

/** Refuses keys that a file system would read as something else, first of all those that climb out of the root. */
export function checkKey(key: string): void {
  const bad = (rule: string) => new InputError(`object key must ${rule}, got ${JSON.stringify(key)}`);
  if (key === "") throw bad("not be empty");
  if (/[\0\\]/.test(key)) throw bad("not contain a NUL or a backslash");
  const segments = key.split("/");
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) throw bad("not have an empty, . or .. segment");
  if (segments.some((segment) => segment.startsWith(OWN_FILES))) throw bad(`not have a segment that starts with ${OWN_FILES}`);
}

/** Refuses anything but 0 <= start <= end; Infinity is the object's end. */
export function checkRange(key: string, startByte: number, endByte: number): void {
  const whole = (byte: number) => Number.isSafeInteger(byte) || byte === Number.POSITIVE_INFINITY;
  if (Number.isSafeInteger(startByte) && startByte >= 0 && whole(endByte) && startByte <= endByte) return;
  throw new InputError(`range of ${key} must be integers 0 <= startByte <= endByte, got ${startByte} to ${endByte}`);
}

/** A condition on an etag did not hold. */
export const otherEtag = (key: string, etag: string, found: string): ConflictError =>
  new ConflictError(`object ${key} must still have the etag ${etag}, got ${found}`);

/** The order of the UTF-8 bytes. UTF-16 has it too, but for surrogates, which stand for the highest code points and sort below U+E000. */
export function byteOrder(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
