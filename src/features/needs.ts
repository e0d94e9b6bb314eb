/** Which statistics a list of stages needs, found by tracing its columns through it without any data. */
import type { ColumnType } from "../data/columns.ts";
import { InputError } from "../ports/errors.ts";
import { COUNTED_STRINGS } from "./auto.ts";
import { columnOf, type DatasetColumn, type Frame, startFrame, type Trace, withColumns } from "./frame.ts";
import type { Stage } from "./params.ts";
import type { Need } from "./stage.ts";
import { type ColumnwiseStage, verbsOf } from "./stages.ts";
import { type FitAsk, MAX_LEVELS, type Target, targetKey } from "./survey.ts";
import { traceAll, traceAssembler } from "./vectorAssembler.ts";

/** A statistic that a stage needs of one of its columns. */
interface Wanted {
  readonly need: Need;
  readonly column: Trace;
  readonly present: readonly string[];
}

/** The first round's question. InputError when the stages cannot be applied to such columns. */
export function firstAsk(stages: "auto" | readonly Stage[], columns: readonly DatasetColumn[], folds: number): FitAsk {
  if (stages === "auto") return autoAsk(columns, folds);
  const needs = trace(stages, startFrame(columns));
  const [moments, strings, numbers, medians] = Array.from({ length: 4 }, () => new Map<string, Target>());
  for (const { need, column, present } of needs) {
    const target = { source: column.source, present };
    const counted = need === "levels" || (need === "moments" && column.kind !== "number");
    if (counted) add(column.sourceType === "string" ? strings : numbers, target);
    if (need === "median") add(medians, target);
    // Counts of numbers leave out the missing ones, which moments count.
    if (!counted || column.sourceType !== "string") add(moments, target);
  }
  return {
    folds,
    moments: [...moments.values()],
    strings: [...strings.values()].map((target) => ({ ...target, limit: MAX_LEVELS })),
    numbers: [...numbers.values()],
    ranges: [...medians.values()].map((target) => ({ ...target, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })),
  };
}

/** In the order in which they were first wanted. */
function add(targets: Map<string, Target>, target: Target): void {
  targets.set(targetKey(target), target);
}

function autoAsk(columns: readonly DatasetColumn[], folds: number): FitAsk {
  const of = (wanted: (type: ColumnType) => boolean) =>
    columns.filter(({ type }) => wanted(type)).map(({ name }) => ({ source: name, present: [] }));
  const strings = of((type) => type === "string").map((target) => ({ ...target, limit: COUNTED_STRINGS }));
  return { folds, moments: of((type) => type !== "string"), strings, numbers: [], ranges: [] };
}

/** The columns whose missing values have been skipped when a stage is through. */
export function presentAfter(frame: Frame<Trace>, stage: ColumnwiseStage): readonly string[] {
  const { inputs, outputs } = stage.params;
  const columns = inputs.map((name) => columnOf(frame, name, stage.kind));
  const skipped = columns.filter((column, j) => verbsOf(stage).trace(stage.params, column, outputs[j]).skips === true);
  return [...new Set([...frame.present, ...skipped.map(({ source }) => source)])];
}

function trace(stages: readonly Stage[], start: Frame<Trace>): Wanted[] {
  let frame = start;
  const needs: Wanted[] = [];
  for (const [i, stage] of stages.entries()) {
    if (stage.kind === "vectorAssembler") {
      if (i < stages.length - 1) throw new InputError(`vectorAssembler must be the last stage, got ${stages[i + 1].kind} after it`);
      traceAssembler(stage.params, frame);
      return needs;
    }
    const inputs = stage.params.inputs.map((name) => columnOf(frame, name, stage.kind));
    const traced = inputs.map((column, j) => verbsOf(stage).trace(stage.params, column, stage.params.outputs[j]));
    for (const [j, { needs: its }] of traced.entries()) {
      needs.push(...its.map((need) => ({ need, column: inputs[j], present: frame.present })));
    }
    const outputs = traced.map(({ output }) => output);
    frame = { ...withColumns(frame, outputs), present: presentAfter(frame, stage) };
  }
  traceAll(frame);
  return needs;
}
