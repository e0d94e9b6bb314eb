/** The beginning of a gzipped text, for a look at it. */
import { createGunzip, constants as zlib } from "node:zlib";
import { InputError } from "../ports/errors.ts";

/** What zlib says of damage as an InputError that names the object; other errors as they are. */
export function notGzip(key: string, error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string };
  if (!String(code).startsWith("Z_")) return error;
  return new InputError(`${key} must be a whole gzip file: ${message}`, { cause: error });
}

/**
 * As much of the text as the bytes hold, which may break off anywhere, but little more than `most`, however far they would unpack; and
 * how many of the bytes held it. InputError, by the object's key, where they are no gzip.
 */
export async function gunzipBeginning(key: string, bytes: Uint8Array, most: number): Promise<{ text: Uint8Array; taken: number }> {
  const gunzip = createGunzip({ finishFlush: zlib.Z_SYNC_FLUSH });
  gunzip.end(bytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) break;
    }
  } catch (error) {
    throw notGzip(key, error);
  }
  return { text: Buffer.concat(chunks), taken: gunzip.bytesWritten };
}
