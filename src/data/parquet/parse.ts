/** Text columns of a file that a job wants as numbers or dates. */
import type { Column, StringColumn } from "../columns.ts";
import { narrowParts } from "../narrow.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(?:Z|([+-])(\d\d):?(\d\d))?)?$/;

/** The column as numbers or dates if every text is one, else as it is. */
export function parseColumn(column: StringColumn, asked: "number" | "date"): Column {
  const table = new Float64Array(column.dictionary.length + 1).fill(NaN);
  for (const [code, text] of column.dictionary.entries()) {
    table[code] = asked === "number" ? parseNumber(text.trim()) : parseDate(text.trim());
    if (Number.isNaN(table[code])) return column;
  }
  const values = Float64Array.from(column.codes, (code) => table[code]);
  return { type: asked, values: narrowParts([values])[0] };
}

const parseNumber = (text: string): number => (NUMBER.test(text) ? Number(text) : NaN);

/** Days since 1970-01-01 UTC of an ISO 8601 date, with time of day and offset if it has them; NaN for any other text. */
export function parseDate(text: string): number {
  const match = DATE.exec(text);
  if (match === null) return NaN;
  const [year, month, day, hours, minutes, seconds, , offsetHours, offsetMinutes] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hours > 23 || minutes > 59 || seconds >= 60) return NaN;
  const offset = (match[7] === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  return epochDay(year, month, day) + ((hours * 60 + minutes - offset) * 60 + seconds) / 86_400;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** Howard Hinnant's days_from_civil (https://howardhinnant.github.io/date_algorithms.html), for years from 0 on. */
function epochDay(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
