/** A random order of [0, n) that needs no table: any place can be computed alone, on any machine. */
import { hashRow } from "../../kernels/hash.ts";

/** Four are enough for a permutation that cannot be told from a random one by its values (Luby and Rackoff, 1988); two more for small n. */
const ROUNDS = 6;

/**
 * The place of `index` in the permutation of [0, n) that belongs to the seed. 0 <= index < n <= 2^52.
 *
 * A Feistel network over pairs (left, right) with left < a, right < b and a b >= n just so, alternately left += hash(right) mod a and
 * right += hash(left) mod b, which can be undone and so never maps two to one; results of n and above go round again until they are
 * below ("cycle walking"). Source: Black and Rogaway, Ciphers with Arbitrary Finite Domains (2002), method 3 and the generalised
 * Feistel construction.
 */
export function permuted(index: number, n: number, seed: number): number {
  const a = Math.ceil(Math.sqrt(n));
  const b = Math.ceil(n / a);
  let place = index;
  do {
    let left = place % a;
    let right = Math.floor(place / a);
    for (let round = 0; round < ROUNDS; round += 2) {
      left = (left + hashRow(seed + round, right)) % a;
      right = (right + hashRow(seed + round + 1, left)) % b;
    }
    place = right * a + left;
  } while (place >= n);
  return place;
}
