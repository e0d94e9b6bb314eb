/** Rows of a Parquet file in memory, read by hyparquet; all columns where none are named. */
import { parquetReadObjects } from "hyparquet";

export const parquetRows = (bytes: Uint8Array, columns?: string[]): ReturnType<typeof parquetReadObjects> =>
  parquetReadObjects({ file: Uint8Array.from(bytes).buffer, ...(columns && { columns }) });
