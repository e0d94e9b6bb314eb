/** Numbers and names as people read them. */

/** 1234567 is `1,234,567`. */
export const count = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

/** `1 row`, `2,000 rows`. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** In powers of 1,024, at least three digits of it. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(value >= 10 ? 1 : 2)} ${units[unit]}`;
}

/** `0.042 s`, `3.1 s`, `2 min 5 s`, `3 h 20 min`. */
export function durationText(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 0.995 ? 3 : seconds < 9.95 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `$0.0074`, `$1.20`, `$310`: two digits, cents where they are more. */
export function dollarsText(dollars: number): string {
  if (dollars >= 100) return `$${count(Math.round(dollars))}`;
  if (dollars >= 0.1 || dollars === 0) return `$${dollars.toFixed(2)}`;
  let places = 2;
  for (let size = dollars; size < 0.1 && places < 8; size *= 10) places++;
  return `$${dollars.toFixed(places)}`;
}

/** A rate: `31 M`, `2.4 k`, `950`. */
export function rateText(perSecond: number): string {
  const [value, unit] = perSecond >= 1e6 ? [perSecond / 1e6, " M"] : perSecond >= 1e3 ? [perSecond / 1e3, " k"] : [perSecond, ""];
  return `${value >= 10 || unit === "" ? Math.round(value) : value.toFixed(1)}${unit}`;
}

/** A metric or a coefficient: four decimals, or four digits where those would say nothing. `-` where it is undefined. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "-";
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(3);
  if (size >= 10_000) return count(Math.round(size)).replace(/^/, value < 0 ? "-" : "");
  if (size >= 10) return value.toPrecision(5);
  return size >= 0.001 || value === 0 ? value.toFixed(4) : value.toPrecision(3);
}

/** With its sign: `+0.2310`. */
export const signed = (value: number | null | undefined): string =>
  typeof value === "number" && value > 0 ? `+${figure(value)}` : figure(value);

const LONGEST_NAME = 48;

/** A name out of the data, so that it can neither move the cursor nor push a table apart. */
export function printable(text: string, longest = LONGEST_NAME): string {
  // Controls, line and paragraph separators, and marks that turn the direction of writing.
  const safe = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
  const characters = [...safe];
  return characters.length <= longest ? safe : `${characters.slice(0, longest - 1).join("")}…`;
}

/** A word that a POSIX shell takes as it is. */
export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

export const upperFirst = (sentence: string): string => sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
