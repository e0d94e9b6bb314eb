/** What a dataset consists of: `datasets/<fingerprint>/manifest.json`, written last, so that a dataset is whole or absent. */
import { hashString } from "../kernels/hash.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { ColumnType, Table } from "./columns.ts";
import type { AlmostNumbers } from "./csv/almost-numbers.ts";
import type { BadRow } from "./cut.ts";

interface Range {
  readonly startByte: number;
  readonly endByte: number;
}

export interface CutFile {
  readonly key: string;
  readonly rows: number;
  /** Schema and dictionaries of the Arrow file, which every part of it needs. */
  readonly head: Range;
  readonly parts: readonly (Range & { readonly rows: number })[];
}

export interface Manifest {
  readonly fingerprint: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: number;
  readonly badRows: number;
  /** The first of them. */
  readonly badSamples: readonly BadRow[];
  /** An object that ends inside quotes, and where its first row with a quote out of place starts: what follows cannot be trusted. */
  readonly unclosed: { readonly key: string; readonly byte: number } | null;
  /** Columns of text whose values are mostly numbers. */
  readonly almostNumbers?: readonly AlmostNumbers[];
  readonly cuts: readonly CutFile[];
}

/** Where a part lies, and which rows of the dataset it holds. */
export interface PartPlace {
  readonly cut: number;
  /** Place within the cut. */
  readonly index: number;
  readonly firstRow: number;
  readonly rows: number;
}

export const manifestKey = (fingerprint: string): string => `datasets/${fingerprint}/manifest.json`;

/**
 * A cut that is read again, with other types or another beginning, has another name: a task that was given up writes late, a second run of
 * the same source is a round behind, and neither may change what a manifest describes.
 */
export function cutKey(fingerprint: string, cut: number, types: readonly ColumnType[], insideQuotes: boolean): string {
  const reading = hashString(JSON.stringify([types, insideQuotes]), 0)
    .toString(16)
    .padStart(8, "0");
  return `datasets/${fingerprint}/cut-${String(cut).padStart(5, "0")}-${reading}.arrow`;
}

/** Names a part while it is in memory. */
export const partKey = ({ key }: Pick<CutFile, "key">, index: number): string => `${key}/${index}`;

/** Every part of the dataset by its number. */
export function partPlaces(manifest: Manifest): PartPlace[] {
  const places: PartPlace[] = [];
  let firstRow = 0;
  manifest.cuts.forEach((cut, c) => {
    cut.parts.forEach((part, index) => {
      places.push({ cut: c, index, firstRow, rows: part.rows });
      firstRow += part.rows;
    });
  });
  return places;
}

/** First row of the cut, where one is given. */
export const firstRowOf = ({ cuts }: Manifest, cut: number | null): number | null =>
  cut === null ? null : cuts.slice(0, cut).reduce((sum, { rows }) => sum + rows, 0);

/** A third of the code that a thread loads, and none of what those need who read and write no columns. */
export const arrow = (): Promise<typeof import("./arrow.ts")> => import("./arrow.ts");

/** Reads one part from the dataset's file, without copying the columns. */
export async function readPart(store: ObjectStore, manifest: Manifest, place: PartPlace): Promise<Table> {
  const file = manifest.cuts[place.cut];
  const part = file.parts[place.index];
  const [{ readArrow }, head, body] = await Promise.all([
    arrow(),
    store.read(file.key, file.head.startByte, file.head.endByte),
    store.read(file.key, part.startByte, part.endByte),
  ]);
  return readArrow(head, body);
}
