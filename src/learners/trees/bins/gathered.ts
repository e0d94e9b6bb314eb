/** Rows that are gathered one after another, column by column: in arrays of numbers they would take several times the memory. */

export interface Gathered {
  readonly columns: number;
  rows: number;
  /** Rows that there is room for. */
  capacity: number;
  /** Column c begins at c * capacity. */
  values: Float64Array;
}

/** Room for as many rows as are expected. */
export const startGathered = (columns: number, capacity: number): Gathered => ({
  columns,
  rows: 0,
  capacity,
  values: new Float64Array(columns * capacity),
});

/** Makes room for so many rows more. */
export function makeRoom(into: Gathered, more: number): void {
  if (into.rows + more <= into.capacity) return;
  const { columns, rows, values } = into;
  const capacity = Math.max(2 * into.capacity, rows + more);
  const room = new Float64Array(columns * capacity);
  for (let c = 0; c < columns; c++) room.set(values.subarray(c * into.capacity, c * into.capacity + rows), c * capacity);
  Object.assign(into, { capacity, values: room });
}

export const columnOf = ({ values, capacity, rows }: Gathered, column: number): Float64Array =>
  values.subarray(column * capacity, column * capacity + rows);
