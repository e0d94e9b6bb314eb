/** What a part tells of its training rows, its blocks together; null where it has lost what it knew. */

import type { View } from "../../src/features/view.ts";
import type { Part, TrainedRows } from "../../src/learners/learner.ts";
import type { LearnerAny } from "../../src/learners/registry.ts";

export function trainedRowsOf(learner: LearnerAny, part: Part, view: View, ask: unknown, model: unknown): TrainedRows | null {
  const blocks: TrainedRows[] = [];
  const isKnown = learner.trained?.predictions(part, view, [0], ask, model, (block) => void blocks.push(block));
  if (isKnown !== true) return null;
  const outputs = Math.max(...blocks.map(({ values, labels }) => values.length / Math.max(1, labels.length)));
  const column = (k: number) => blocks.flatMap(({ values, labels: { length } }) => [...values.subarray(k * length, (k + 1) * length)]);
  return {
    values: Float64Array.from(Array.from({ length: outputs }, (_, k) => column(k)).flat()),
    labels: Float64Array.from(blocks.flatMap(({ labels }) => [...labels])),
    weights: Float64Array.from(blocks.flatMap(({ weights }) => [...weights])),
  };
}
