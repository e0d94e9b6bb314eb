/** What the user should know of how the source was read. */
import { type AlmostNumbers, isForeignDate } from "../../data/csv/almost-numbers.ts";
import type { Manifest } from "../../data/manifest.ts";
import type { Job } from "../../job/job.ts";

/** Columns that are warned of one by one. */
const COLUMNS = 10;

export function loadWarnings({ almostNumbers = [] }: Manifest, { data }: Job): string[] {
  if (almostNumbers.length === 0) return [];
  const rest = almostNumbers.slice(COLUMNS).map(({ column }) => column);
  const others = [...new Set(almostNumbers.flatMap(({ texts }) => texts))];
  const missing = [...data.missing, ...others].map((text) => JSON.stringify(text)).join(", ");
  const example = almostNumbers.find((found) => found.others > 0)?.column;
  return [
    ...almostNumbers.slice(0, COLUMNS).map(almostNumbersText),
    ...(rest.length === 0 ? [] : [`also read as text, though most values are numbers: columns ${rest.join(", ")}`]),
    ...(example === undefined
      ? []
      : [
          `where such texts stand for missing values, say data.missing: [${missing}]; where a column is text indeed, data.columns: {${JSON.stringify(example)}: string}`,
        ]),
  ];
}

function almostNumbersText({ column, values, others, texts, foreign, first }: AlmostNumbers): string {
  const place =
    first === null ? "" : `, the first in ${first.key} ${first.line === null ? `at byte ${first.byte}` : `on line ${first.line}`}`;
  if (foreign !== null)
    return `column ${column} is read as text, because values in it are written as ${JSON.stringify(foreign)}${place}: ${isForeignDate(foreign) ? "dates must be as 2024-01-31" : "numbers must have a decimal point, no separator of thousands and no unit"}; write them so, or exclude the column, or say data.columns: {${JSON.stringify(column)}: string}`;
  if (others === 0)
    return `column ${column} is read as text, because it holds whole numbers beyond 2^53, which as numbers would be rounded: exclude it where it names rows, or say data.columns: {${JSON.stringify(column)}: string}, or number to have them rounded`;
  const share = ((100 * others) / values).toPrecision(2);
  const shown = texts.map((text) => JSON.stringify(text)).join(", ");
  return `column ${column} is read as text, because ${others} of ${values} values (${share} %) are no numbers (${shown})${place}`;
}
