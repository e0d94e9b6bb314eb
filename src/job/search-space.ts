/** The settings that a search tries: what `tune` may say of them, and all of them spelt out. */
import { type LearnerName, learnerParams } from "../learners/params.ts";
import { expandGrid, sampleSettings } from "../tuning/search.ts";
import { jobJsonSchema } from "./json-schema.ts";
import { type Problem, shown, valueAt } from "./problem.ts";
import { ruleText, schemasAt } from "./rule.ts";
import type { ParsedForm } from "./schema.ts";
import { remedy } from "./suggest.ts";

/** What is wrong with the grid of a `tune` as written, each value judged by the rule of its parameter. */
export function* gridProblems(tune: unknown, learner: LearnerName): Iterable<Problem> {
  const grid = valueAt(tune, ["grid"]);
  if (typeof grid !== "object" || grid === null || Array.isArray(grid)) return;
  const known = Object.keys(learnerParams[learner].shape);
  for (const [name, values] of Object.entries(grid) as [string, unknown][]) {
    const path = ["tune", "grid", name];
    if (!known.includes(name)) yield { path, message: `must be a parameter of ${learner}${remedy(name, known)}`, of: "key" };
    else if (Array.isArray(values)) yield* listProblems(values, learner, name);
    else if (typeof values === "object" && values !== null)
      yield* rangeProblems(values, learner, name, valueAt(tune, ["random"]) !== undefined);
  }
}

function* listProblems(values: readonly unknown[], learner: LearnerName, name: string): Iterable<Problem> {
  for (const [i, value] of values.entries()) {
    const message = valueMessage(value, learner, name);
    if (message) yield { path: ["tune", "grid", name, i], message };
  }
}

function* rangeProblems(range: object, learner: LearnerName, name: string, random: boolean): Iterable<Problem> {
  const path = ["tune", "grid", name];
  const { min, max, log } = range as Record<string, unknown>;
  if (!random) yield { path, message: "must be a list of values, or go with tune.random, the number of settings to draw" };
  if (typeof min !== "number" || typeof max !== "number") return;
  for (const [end, value] of Object.entries({ min, max })) {
    const message = valueMessage(value, learner, name);
    if (message) yield { path: [...path, end], message };
  }
  if (min >= max) yield { path: [...path, "max"], message: `must be above min (${min}), got ${max}` };
  if (log === true && min <= 0) yield { path: [...path, "min"], message: `must be a number > 0 with log: true, got ${min}` };
}

function valueMessage(value: unknown, learner: LearnerName, name: string): string | undefined {
  const shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>> = learnerParams[learner].shape;
  if (value !== undefined && shape[name].safeParse(value).success) return undefined;
  return `must be ${ruleText(schemasAt(jobJsonSchema(), ["model", learner, name]))}, got ${shown(value)}`;
}

/** The settings of a sound `tune`: every combination in the order of the keys, the last running fastest, or as many as are to be drawn. */
export function settingsOf(
  { grid, random, seed }: NonNullable<ParsedForm["tune"]>,
  learner: LearnerName,
): readonly Readonly<Record<string, unknown>>[] {
  if (random === undefined) return expandGrid(grid as Record<string, readonly unknown[]>);
  return sampleSettings(grid, random, seed).map((setting) => roundIntegers(setting, learner));
}

/** A range of an integer parameter is drawn as real numbers. */
function roundIntegers(setting: Readonly<Record<string, unknown>>, learner: LearnerName): Readonly<Record<string, unknown>> {
  const isInteger = (name: string) => schemasAt(jobJsonSchema(), ["model", learner, name]).every((schema) => schema.type === "integer");
  return Object.fromEntries(
    Object.entries(setting).map(([name, value]) => [name, typeof value === "number" && isInteger(name) ? Math.round(value) : value]),
  );
}
