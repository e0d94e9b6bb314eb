/** What reading a cut of the source needs and gives, for every source format. */
import type { ColumnType, Table } from "./columns.ts";

/** Bytes of one source object. */
export interface ByteSource {
  readonly key: string;
  readonly size: number;
  /** Bytes [startByte, endByte). The answer may lie in `into` where that has room for them. */
  read(startByte: number, endByte: number, into?: Uint8Array): Promise<Uint8Array>;
}

/** A column to load. */
export interface LoadColumn {
  readonly name: string;
  /** Field position in CSV; position in the file's schema otherwise. */
  readonly index: number;
  readonly type: ColumnType;
  /** The job says so: a value that does not fit makes its row a bad one, where it otherwise makes the column another type. */
  readonly fixed?: boolean;
}

/** A row that could not be loaded. */
export interface BadRow {
  readonly key: string;
  /** Where the row starts; in Parquet the row number. */
  readonly byte: number;
  readonly reason: string;
}

/** A value that the asked type of its column cannot hold. */
export interface Conflict {
  readonly column: string;
  readonly key: string;
  /** Where the value is; in Parquet the row number. */
  readonly byte: number;
  /** The beginning of its text. */
  readonly found: string;
}

/** What is wrong with the quotes of an object, as far as a cut of it tells. */
export interface QuoteTrouble {
  readonly key: string;
  /** Where the first row of the cut starts that has a quote out of place, or one that is never closed. */
  readonly firstRow: number | null;
  /** The object ends inside quotes. */
  readonly unclosed: boolean;
}

/** What reading one cut gives. */
export interface CutAnswer {
  /**
   * Each holds `partRows` rows but the last; one storage type per column over all parts of the cut. A column whose asked type cannot hold
   * its values is left out.
   */
  readonly parts: readonly Table[];
  readonly rows: number;
  /** Per LoadColumn the type that its values need. It differs from the asked type when that cannot hold them: asked number or date, found text. */
  readonly types: readonly ColumnType[];
  /** CSV: quotes in the cut's own bytes [startByte, endByte), modulo 2. */
  readonly quoteParity: 0 | 1;
  readonly badRows: number;
  /** At most 20. */
  readonly badSamples: readonly BadRow[];
  /** The first conflict of each column whose type differs from the asked one. */
  readonly conflicts?: readonly Conflict[];
  /** CSV: the objects with quotes out of place. */
  readonly quotes?: readonly QuoteTrouble[];
  /** Source bytes read. */
  readonly bytes: number;
}
