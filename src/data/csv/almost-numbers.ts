/**
 * Columns of text whose values are numbers: whole ones beyond 2^53 all of them, any with a few other texts among them, which are
 * mostly placeholders for missing values that nobody has named, or numbers written as no CSV here may have them.
 */
import type { Table } from "../columns.ts";
import type { Conflict } from "../cut.ts";

export interface AlmostNumbers {
  readonly column: string;
  /** Rows with a value, and those whose value is no number in any notation. */
  readonly values: number;
  readonly others: number;
  /** Texts of the others, each once; the first of them. */
  readonly texts: readonly string[];
  /** A number with a decimal comma, a separator of thousands, a currency or a percent sign, or a date in another order; null where there is none. */
  readonly foreign: string | null;
  /** The first value that is not read as a number; null where all are. */
  readonly first: (Conflict & { readonly line: number | null }) | null;
}

/** Different texts that decide whether a column is worth counting. */
const LOOKED_AT = 64;
const TEXTS = 5;

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) && Number.isFinite(Number(text));

export const isForeignDate = (text: string): boolean =>
  /^\d{1,2}([./-])\d{1,2}\1(\d{2}|\d{4})([ T]\d{1,2}:\d{2}(:\d{2})?)?$/.test(text.trim());

const isForeign = (text: string): boolean =>
  isForeignDate(text) || (/^[$€£¥]?\s*[+-]?(\d{1,3}([,.'\s]\d{3})+|\d+)([.,]\d+)?\s*[%$€£¥]?$/.test(text.trim()) && !isNumber(text));

/** Of a column of text in the parts of one cut; null where its texts are not mostly numbers. A column of words costs a look at a few of them. */
export function almostNumbers(parts: readonly Table[], column: string): Omit<AlmostNumbers, "first"> | null {
  const own = parts.flatMap(({ columns }) => (columns[column]?.type === "string" ? [columns[column]] : []));
  const looked = (own[0]?.dictionary ?? []).slice(0, LOOKED_AT);
  if (2 * looked.filter((text) => isNumber(text) || isForeign(text)).length < looked.length) return null;
  let [values, others] = [0, 0];
  let foreign: string | null = null;
  const texts = new Set<string>();
  for (const { dictionary, codes } of own) {
    foreign ??= dictionary.find(isForeign) ?? null;
    const isOther = Uint8Array.from(dictionary, (text) => Number(!isNumber(text) && !isForeign(text)));
    for (let row = 0; row < codes.length; row++) {
      if (codes[row] === dictionary.length) continue;
      values++;
      others += isOther[codes[row]];
    }
    for (let code = 0; code < dictionary.length && texts.size < TEXTS; code++) if (isOther[code] === 1) texts.add(dictionary[code]);
  }
  return { column, values, others, texts: [...texts], foreign };
}

/** Of all cuts, in the order of the source; null where most values are no numbers after all. */
export function joinAlmostNumbers(cuts: readonly (AlmostNumbers | null)[]): AlmostNumbers | null {
  const known = cuts.filter((cut) => cut !== null);
  if (known.length < cuts.length || known.length === 0) return null;
  const sum = (of: "values" | "others"): number => known.reduce((total, cut) => total + cut[of], 0);
  const [values, others] = [sum("values"), sum("others")];
  if (2 * others >= values) return null;
  const texts = [...new Set(known.flatMap((cut) => cut.texts))].slice(0, TEXTS);
  const foreign = known.find((cut) => cut.foreign !== null)?.foreign ?? null;
  return { column: known[0].column, values, others, texts, foreign, first: known.find(({ first }) => first !== null)?.first ?? null };
}
