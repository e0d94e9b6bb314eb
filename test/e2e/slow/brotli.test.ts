/** Pages that DuckDB compresses by Brotli, which it does at its slowest level only. */
import { it } from "vitest";
import { expectSame, TABLE } from "../../data/parquet/every-kind.ts";
import { writtenByDuckDb } from "../../data/parquet/files.ts";

it("give the values that DuckDB reads", async () => {
  const options = "FORMAT parquet, COMPRESSION brotli, PARQUET_VERSION V1, ROW_GROUP_SIZE 2048";
  await expectSame(await writtenByDuckDb(TABLE, `COPY t TO '{dir}/x.parquet' (${options})`), 1500);
});
