/** Cutting the source into pieces of work. A pure function of the objects' sizes, never of where a run happens, so that parts and results do not depend on it. */

/** Long enough that the latency of a read from S3 and the start of a task do not show. */
const CUT_BYTES = 64 << 20;
/** A small source still gives every thread of a large function something to do … */
const FEWEST_CUTS = 16;
/** … unless the cuts would be parsed faster than they are handed out. */
const SMALLEST_CUT_BYTES = 8 << 20;
/** What a byte of gzipped text counts for: it unpacks to about so many. */
const GZIP_RATIO = 4;

/** Bytes [startByte, endByte) of an object; all of it where it is gzipped. */
interface BytePiece {
  readonly key: string;
  readonly size: number;
  /** As listed. */
  readonly etag: string;
  readonly startByte: number;
  readonly endByte: number;
  readonly gzip: boolean;
}

/** Row groups [firstRowGroup, endRowGroup) of a Parquet object. */
interface RowGroupPiece {
  readonly key: string;
  readonly size: number;
  /** As listed. */
  readonly etag: string;
  readonly firstRowGroup: number;
  readonly endRowGroup: number;
}

/** What one load task reads: one byte range of one large text, or several whole objects, or row groups. `bytes` of the source, for progress and forecasts. */
export type Cut = CsvCut | ParquetCut;
export interface CsvCut {
  readonly format: "csv";
  readonly number: number;
  readonly pieces: readonly BytePiece[];
  readonly bytes: number;
}
interface ParquetCut {
  readonly format: "parquet";
  readonly number: number;
  readonly pieces: readonly RowGroupPiece[];
  readonly bytes: number;
}

interface CsvObject {
  readonly key: string;
  readonly size: number;
  /** As listed. */
  readonly etag: string;
  readonly gzip: boolean;
}

interface ParquetObject {
  readonly key: string;
  readonly size: number;
  /** As listed. */
  readonly etag: string;
  /** Columns to load. */
  readonly columns: number;
  readonly rowGroups: readonly { readonly rows: number; readonly bytes: number }[];
}

export type CutSource =
  | { readonly format: "csv"; readonly objects: readonly CsvObject[] }
  | { readonly format: "parquet"; readonly objects: readonly ParquetObject[] };

/** Cuts in the order of the objects and of the rows in them; none for no bytes or no row groups. */
export function planCuts(source: CutSource): Cut[] {
  return source.format === "csv" ? csvCuts(source.objects) : parquetCuts(source.objects);
}

function csvCuts(objects: readonly CsvObject[]): CsvCut[] {
  const weights = objects.map(({ size, gzip }) => (gzip ? size * GZIP_RATIO : size));
  const target = targetBytes(weights);
  const pieces = objects.flatMap((object, i) => {
    const ranges = object.gzip ? 1 : Math.max(1, Math.round(object.size / target));
    const weight = ranges > 1 ? Infinity : weights[i];
    return equalRanges(object, ranges).map((piece) => ({ piece, weight, bytes: piece.endByte - piece.startByte }));
  });
  return joined(pieces, target).map(({ pieces, bytes }, number) => ({ format: "csv", number, pieces, bytes }));
}

function equalRanges({ key, size, etag, gzip }: CsvObject, count: number): BytePiece[] {
  const bound = (i: number): number => Math.floor((size / count) * i);
  return Array.from({ length: count }, (_, i) => ({
    key,
    size,
    etag,
    startByte: bound(i),
    endByte: i === count - 1 ? size : bound(i + 1),
    gzip,
  }));
}

function parquetCuts(objects: readonly ParquetObject[]): ParquetCut[] {
  const pieces = objects.flatMap(({ key, size, etag, columns, rowGroups }) =>
    rowGroups.map(({ rows, bytes }, g) => ({
      piece: { key, size, etag, firstRowGroup: g, endRowGroup: g + 1 },
      // Runs of equal values take no bytes in the file, but memory once loaded.
      weight: Math.max(bytes, rows * columns),
      bytes,
    })),
  );
  const target = targetBytes(pieces.map(({ weight }) => weight));
  return joined(pieces, target).map(({ pieces, bytes }, number) => ({ format: "parquet", number, pieces: withoutSeams(pieces), bytes }));
}

/** Neighbouring row groups of one object become one piece. */
function withoutSeams(pieces: readonly RowGroupPiece[]): RowGroupPiece[] {
  const joinedPieces: RowGroupPiece[] = [];
  for (const piece of pieces) {
    const last = joinedPieces.at(-1);
    if (last?.key === piece.key && last.endRowGroup === piece.firstRowGroup)
      joinedPieces[joinedPieces.length - 1] = { ...last, endRowGroup: piece.endRowGroup };
    else joinedPieces.push(piece);
  }
  return joinedPieces;
}

function targetBytes(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Math.min(CUT_BYTES, Math.max(SMALLEST_CUT_BYTES, Math.ceil(total / FEWEST_CUTS)));
}

/** Fills one cut after another in order, up to the target; what is larger has a cut of its own. */
function joined<Piece>(
  pieces: readonly { piece: Piece; weight: number; bytes: number }[],
  target: number,
): { pieces: Piece[]; bytes: number }[] {
  const cuts: { pieces: Piece[]; bytes: number }[] = [];
  let filled = Infinity;
  for (const { piece, weight, bytes } of pieces) {
    if (filled + weight > target) {
      cuts.push({ pieces: [], bytes: 0 });
      filled = 0;
    }
    const cut = cuts[cuts.length - 1];
    cut.pieces.push(piece);
    cut.bytes += bytes;
    filled += weight;
  }
  return cuts;
}
