/** The beginning of a gzipped text, for a look at it. */
import { createGunzip, constants as zlib } from "node:zlib";

/**
 * As much of the text as the bytes hold, which may break off anywhere, but little more than `most`, however far they would unpack; and
 * how many of the bytes held it.
 */
export async function gunzipBeginning(bytes: Uint8Array, most: number): Promise<{ text: Uint8Array; taken: number }> {
  const gunzip = createGunzip({ finishFlush: zlib.Z_SYNC_FLUSH });
  gunzip.end(bytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return { text: Buffer.concat(chunks), taken: gunzip.bytesWritten };
}
