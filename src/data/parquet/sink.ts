import type { ParquetType } from "hyparquet";
import type { Column } from "../columns.ts";
import type { Kind } from "./kinds.ts";
import type { Page } from "./pages.ts";

/** Where the pages of one column go, chunk after chunk. */
export interface Sink {
  /** Starts a chunk; the values of the next pages are of this kind. */
  open(kind: Kind, type: ParquetType): void;
  dictionary(page: Page): void;
  /** The page's rows are rows [row, row + page.count) of the cut. */
  data(page: Page, row: number): void;
  /** Everything that came, in the narrowest storage that is exact. */
  column(): Column;
}

export const isIndexed = (page: Page): boolean => page.encoding === "RLE_DICTIONARY" || page.encoding === "PLAIN_DICTIONARY";
