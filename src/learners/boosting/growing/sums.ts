/** Sums of as many numbers, in functions of their own: as parts of longer ones such loops were compiled again with every tree. */

export function add(into: Float64Array, other: Float64Array): void {
  for (let i = 0; i < other.length; i++) into[i] += other[i];
}

export function subtract(from: Float64Array, other: Float64Array): void {
  for (let i = 0; i < other.length; i++) from[i] -= other[i];
}
