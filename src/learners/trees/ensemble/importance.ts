/** How much each column of a view matters to an ensemble, by its splits alone. */
import type { Ensemble } from "../tree.ts";

export interface Importances {
  /** By view column: the sum of the gains of its splits, as shares of all (nothing where no tree splits). */
  readonly gain: readonly number[];
  /** How many splits it has. */
  readonly split: readonly number[];
}

export function importancesOf({ trees, categories }: Ensemble): Importances {
  const gain = categories.map(() => 0);
  const split = categories.map(() => 0);
  for (const tree of trees) {
    tree.column.forEach((j, node) => {
      if (j < 0) return;
      gain[j] += tree.gain[node];
      split[j]++;
    });
  }
  const all = gain.reduce((sum, own) => sum + own, 0);
  return { gain: gain.map((own) => (all > 0 ? own / all : 0)), split };
}
