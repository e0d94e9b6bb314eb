/** The first rows of a Parquet file of predictions, for a look. */
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";

const PREVIEW_ROWS = 5;

export async function firstRows(file: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(file), rowEnd: PREVIEW_ROWS });
}
