/** ISO dates as numbers, because `Date` reads the same text differently between hosts. */

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?Z?$/;

/**
 * Days since 1970-01-01 UTC of `YYYY-MM-DD`, with a time of day (`Thh:mm`, `Thh:mm:ss`, UTC) as a fraction. NaN for any other text and
 * for days that no calendar has.
 */
export function isoDays(text: string): number {
  const [, year, month, day, hours = 0, minutes = 0, seconds = 0] = ISO.exec(text)?.map(Number).map(orZero) ?? [];
  if (year === undefined || month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return Number.NaN;
  if (hours > 23 || minutes > 59 || seconds >= 60) return Number.NaN;
  return civilDays(year, month, day) + (hours * 3_600 + minutes * 60 + seconds) / 86_400;
}

const orZero = (n: number): number => (Number.isNaN(n) ? 0 : n);

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const monthDays = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** days_from_civil of Howard Hinnant (https://howardhinnant.github.io/date_algorithms.html): years that begin in March, in eras of 400. */
function civilDays(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
