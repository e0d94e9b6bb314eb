/** Rows of several groups as those of one: whoever adds them up does so in the order of the table, whatever the groups are. */

/** `groups` are ascending and share no row. Answers the only group that has rows as it is. */
export function mergeGroups(groups: readonly Uint32Array[]): Uint32Array {
  const present = groups.filter(({ length }) => length > 0);
  if (present.length < 2) return present[0] ?? new Uint32Array(0);
  const marks = new Uint8Array(1 + Math.max(...present.map((rows) => rows[rows.length - 1])));
  for (const rows of present) mark(rows, marks);
  const joined = new Uint32Array(present.reduce((sum, { length }) => sum + length, 0) + 1);
  collect(marks, joined);
  return joined.subarray(0, -1);
}

// Loops of their own, as V8 compiles the whole of a function around them.

function mark(rows: Uint32Array, marks: Uint8Array): void {
  for (let i = 0; i < rows.length; i++) marks[rows[i]] = 1;
}

/** Writes every place, and goes on to the next where it is marked: `into` has room for one more. */
function collect(marks: Uint8Array, into: Uint32Array): void {
  for (let row = 0, n = 0; row < marks.length; row++) {
    into[n] = row;
    n += marks[row];
  }
}
