/** Tables of the simulation as text. */

export const dollars = (amount: number): string => `$${amount.toPrecision(2)}`;
export const seconds = (time: number): string => `${time.toFixed(2)} s`;

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  let value = count;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value.toPrecision(3)} ${units[unit]}`;
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The first row names the columns. */
export function printTable(title: string, rows: readonly (readonly string[])[], notes: readonly string[] = []): void {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  console.log(
    [title, line(rows[0]), widths.map((width) => "-".repeat(width)).join("  "), ...rows.slice(1).map(line), ...notes, ""].join("\n"),
  );
}
