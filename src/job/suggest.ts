/** "Did you mean": the known name that a mistyped one is nearest to. */

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn one string into the other.
 * Source: Damerau (1964), restricted to one edit per substring (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const substitute = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, substitute);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}

/** Letter case, underscores, hyphens and spaces do not count. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[_\-\s]/g, "");

/** The nearest known name within a third of the length, the first of equals; else one that begins alike; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(plain(name), plain(candidate));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best ?? known.find((candidate) => name.length > 2 && plain(candidate).startsWith(plain(name)));
}

/** `, did you mean "age"?`, or the known names when none is near. */
export function remedy(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `, did you mean ${JSON.stringify(near)}?`;
  if (known.length === 0) return "";
  const some = known.slice(0, 20).join(", ");
  return ` (known: ${some}${known.length > 20 ? `, and ${known.length - 20} more` : ""})`;
}
