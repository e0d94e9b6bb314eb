/** What a forest takes, told before anything runs. */
import type { Cost, Shape } from "../learner.ts";
import { binnedBytes } from "../trees/bins/bins.ts";
import { seenBytes } from "../trees/bins/cuts.ts";
import { BLOCK } from "../trees/shares.ts";
import { subsetSize } from "./draw.ts";
import { carryBytes, mostSlots } from "./drawn.ts";
import { ROUND_BYTES, rowBytes, SMALL_BYTES } from "./growing.ts";
import { votesCost } from "./out-of-bag.ts";
import type { ForestParams } from "./rules.ts";
import { comesTogether, ROUND_WORK, treesAtOnce } from "./state.ts";
import { TRAINED_COST } from "./trained.ts";

/** Of a node of a tree, besides its outputs or channels. */
const NODE_BYTES = 60;

export function costOf(shape: Shape, params: ForestParams): Cost {
  const { rows, columns, classes } = shape;
  const { numTrees, maxDepth, maxBins, minInstancesPerNode, outOfBag } = params;
  const outputs = classes > 2 ? classes : 1;
  const leaves = Math.min(2 ** Math.min(maxDepth, 30), Math.max(1, Math.min(0.64, 1.1 / minInstancesPerNode) * rows));
  const treeBytes = numTrees * leaves * 2 * (NODE_BYTES + 8 * outputs);
  const seen = seenBytes(rows, columns, maxBins);
  const judged = outputs === 1 ? TRAINED_COST : outOfBag ? votesCost(outputs) : undefined;
  if (comesTogether(rows, columns)) {
    return {
      statisticBytes: Math.max(rows * (columns + 24), seen) + 1_024,
      stateBytes: treeBytes + columns * 2_200 + 8_192,
      rounds: 1 + Math.ceil((rows * numTrees) / ROUND_WORK) + Number(outOfBag),
      flopsPerRow: columns,
      ...(judged && { judged }),
    };
  }
  const atOnce = treesAtOnce(numTrees);
  const channels = Math.max(2, classes);
  const subset = subsetSize(params.featureSubsetStrategy, columns, classes > 1 ? classes : 0, numTrees);
  const sumBytes = subset * (maxBins + 1) * 8 * (channels + 1);
  const drawn = 1.1 * rows * rowBytes(columns);
  // Of a tree: sums of nodes take no more than their rows would, or these are many.
  const most = drawn * (1 + sumBytes / SMALL_BYTES) + sumBytes;
  const depth = Math.min(maxDepth, Math.max(1, Math.ceil(Math.log2(drawn / SMALL_BYTES)) + 1));
  const asked = Math.max(depth, Math.ceil((atOnce * Math.min(drawn, 2 ** depth * sumBytes * 0.5)) / ROUND_BYTES));
  const grown = Math.min(ROUND_BYTES, atOnce * most) + sumBytes;
  const besides = 1_024 * (atOnce + 1);
  return {
    statisticBytes: Math.max(grown, seen) + besides,
    stateBytes: treeBytes + atOnce * leaves * 2 * (NODE_BYTES + 8 * channels) + columns * 2_200 + 8_192,
    rounds: 1 + Math.ceil(numTrees / atOnce) * asked + Number(outOfBag),
    // Measured: an addition waits for memory, and takes as long as eight operations of other learners.
    flopsPerRow: atOnce * 8 * (subset + 2),
    kept: { bins: binnedBytes(1, columns), carry: (atOnce * carryBytes(BLOCK, mostSlots(maxDepth))) / BLOCK },
    ...(judged && { judged }),
    gathered: { firstBytes: seen + besides, statisticBytes: grown + besides, parentBytes: 0 },
  };
}
