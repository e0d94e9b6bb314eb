/** Columns of text, aligned. */

/** Rows of cells under one another, each line indented; a column is right-aligned where its letter is `r`. Without rows: no lines. */
export function table(rows: readonly (readonly string[])[], align: string, indent = "  "): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, widthOf(cell))), []);
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const space = " ".repeat(widths[i] - widthOf(cell));
      return align[i] === "r" ? space + cell : cell + space;
    });
    return (indent + cells.join("  ")).trimEnd();
  });
}

const widthOf = (text: string): number => [...text].length;

/** `Label     first line` and the lines after it under the first. */
export function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${(i === 0 ? label : "").padEnd(LABEL_WIDTH)}${line}`.trimEnd());
}

const LABEL_WIDTH = 10;
