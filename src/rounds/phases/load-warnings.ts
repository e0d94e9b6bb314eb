/** What the user should know of how the source was read. */
import type { AlmostNumbers } from "../../data/csv/almost-numbers.ts";
import type { Manifest } from "../../data/manifest.ts";
import type { Job } from "../../job/job.ts";

/** Columns that are warned of one by one. */
const COLUMNS = 10;

export function loadWarnings({ almostNumbers = [] }: Manifest, { data }: Job): string[] {
  if (almostNumbers.length === 0) return [];
  const rest = almostNumbers.slice(COLUMNS).map(({ column }) => column);
  const others = [...new Set(almostNumbers.flatMap(({ texts }) => texts))];
  const missing = [...data.missing, ...others].map((text) => JSON.stringify(text)).join(", ");
  const [{ column }] = almostNumbers;
  return [
    ...almostNumbers.slice(0, COLUMNS).map(almostNumbersText),
    ...(rest.length === 0 ? [] : [`also read as text, though most values are numbers: columns ${rest.join(", ")}`]),
    `where such texts stand for missing values, say data.missing: [${missing}]; where a column is text indeed, data.columns: {${JSON.stringify(column)}: string}`,
  ];
}

function almostNumbersText({ column, values, others, texts, first }: AlmostNumbers): string {
  const share = ((100 * others) / values).toPrecision(2);
  const place =
    first === null ? "" : `, the first in ${first.key} ${first.line === null ? `at byte ${first.byte}` : `on line ${first.line}`}`;
  const shown = texts.map((text) => JSON.stringify(text)).join(", ");
  return `column ${column} is read as text, because ${others} of ${values} values (${share} %) are no numbers (${shown})${place}`;
}
