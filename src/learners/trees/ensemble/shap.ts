/**
 * Exact Shapley values of a prediction: how much each column moves it from the mean of the training rows (Lundberg, Erion & Lee 2018,
 * algorithm 2; a column that is left out sends a row both ways, by the weights of the training rows). The values of a row and the base
 * add up to its margin, or of a forest to its prediction.
 */
import { depthOf } from "../order.ts";
import type { Ensemble, Tree } from "../tree.ts";
import { goesLeft, slotsOf, startSums, treesALine } from "./walk.ts";

/** Adds the contributions of a row: that of column j to slot s at s * (columns + 1) + j, and after the columns of a slot its base. */
export type Explain = (row: ArrayLike<number>, into: Float64Array) => void;

export function explainer(ensemble: Ensemble): Explain {
  const { trees, outputs, lines, link, categories } = ensemble;
  const width = categories.length + 1;
  const share = link === "mean" ? 1 / treesALine(ensemble) : 1;
  const base = startSums(ensemble);
  trees.forEach((tree, t) => {
    meanOf(tree, outputs).forEach((mean, k) => {
      base[(t % lines) * outputs + k] += share * mean;
    });
  });
  const walks = trees.map((tree, t) => walkOf(tree, outputs, share, (t % lines) * outputs * width, width));
  const slots = slotsOf(ensemble);
  return (row, into) => {
    for (const walk of walks) walk(row, into);
    for (let slot = 0; slot < slots; slot++) into[slot * width + width - 1] += base[slot];
  };
}

/** Of the rows that reach the parent, the share that goes on to the child. Where no row came by, each child has a half. */
const shareOf = ({ weight }: Tree, parent: number, child: number): number => (weight[parent] > 0 ? weight[child] / weight[parent] : 0.5);

/** Mean of the leaves by the shares that lead to them. */
function meanOf(tree: Tree, outputs: number): Float64Array {
  const { column, left, right, value } = tree;
  const reached = new Float64Array(column.length);
  const mean = new Float64Array(outputs);
  reached[0] = 1;
  for (let node = 0; node < column.length; node++) {
    if (column[node] < 0) for (let k = 0; k < outputs; k++) mean[k] += reached[node] * value[node * outputs + k];
    else for (const child of [left[node], right[node]]) reached[child] = reached[node] * shareOf(tree, node, child);
  }
  return mean;
}

/**
 * The path of columns that led to a node, each once: the share of subsets without it that flow on (`zero`), whether the row itself does
 * (`one`), and the weights of the subsets by their size. Each level of the tree has its own copy, one entry longer than the last.
 */
function walkOf(tree: Tree, outputs: number, share: number, first: number, width: number): Explain {
  const { column, left, right, value } = tree;
  const levels = depthOf(tree) + 2;
  const room = (levels * (levels + 1)) / 2;
  const columns = new Int32Array(room);
  const zeros = new Float64Array(room);
  const ones = new Float64Array(room);
  const weights = new Float64Array(room);

  function extend(at: number, length: number, zero: number, one: number, j: number): void {
    columns[at + length] = j;
    zeros[at + length] = zero;
    ones[at + length] = one;
    weights[at + length] = length === 0 ? 1 : 0;
    for (let i = length - 1; i >= 0; i--) {
      weights[at + i + 1] += (one * weights[at + i] * (i + 1)) / (length + 1);
      weights[at + i] = (zero * weights[at + i] * (length - i)) / (length + 1);
    }
  }

  /** Takes an entry out of a path of `length` + 1 entries. */
  function unwind(at: number, length: number, entry: number): void {
    const [zero, one] = [zeros[at + entry], ones[at + entry]];
    let next = weights[at + length];
    for (let i = length - 1; i >= 0; i--) {
      if (one !== 0) {
        const before = weights[at + i];
        weights[at + i] = (next * (length + 1)) / ((i + 1) * one);
        next = before - (weights[at + i] * zero * (length - i)) / (length + 1);
      } else weights[at + i] = zero === 0 ? 0 : (weights[at + i] * (length + 1)) / (zero * (length - i));
    }
    for (let i = entry; i < length; i++) {
      columns[at + i] = columns[at + i + 1];
      zeros[at + i] = zeros[at + i + 1];
      ones[at + i] = ones[at + i + 1];
    }
  }

  /** Sum of the weights after taking an entry out. */
  function unwound(at: number, length: number, entry: number): number {
    const [zero, one] = [zeros[at + entry], ones[at + entry]];
    let next = weights[at + length];
    let sum = 0;
    for (let i = length - 1; i >= 0; i--) {
      if (one !== 0) {
        const own = (next * (length + 1)) / ((i + 1) * one);
        sum += own;
        next = weights[at + i] - (own * zero * (length - i)) / (length + 1);
      } else if (zero !== 0) sum += (weights[at + i] * (length + 1)) / (zero * (length - i));
    }
    return sum;
  }

  return (row, into) => {
    visit(0, 0, 0, 1, 1, -1);

    function visit(node: number, above: number, length: number, zero: number, one: number, j: number): void {
      const at = above + length;
      for (let i = 0; i < length; i++) {
        columns[at + i] = columns[above + i];
        zeros[at + i] = zeros[above + i];
        ones[at + i] = ones[above + i];
        weights[at + i] = weights[above + i];
      }
      extend(at, length, zero, one, j);
      if (column[node] < 0) {
        for (let entry = 1; entry <= length; entry++) {
          const moved = share * unwound(at, length, entry) * (ones[at + entry] - zeros[at + entry]);
          const place = first + columns[at + entry];
          for (let k = 0; k < outputs; k++) into[place + k * width] += moved * value[node * outputs + k];
        }
        return;
      }
      const own = column[node];
      const hot = goesLeft(tree, node, row[own]) ? left[node] : right[node];
      let [end, zeroHere, oneHere] = [length, 1, 1];
      for (let entry = 1; entry <= length; entry++) {
        if (columns[at + entry] !== own) continue;
        [zeroHere, oneHere] = [zeros[at + entry], ones[at + entry]];
        unwind(at, length, entry);
        end--;
        break;
      }
      for (const child of [left[node], right[node]])
        visit(child, at, end + 1, zeroHere * shareOf(tree, node, child), child === hot ? oneHere : 0, own);
    }
  };
}
