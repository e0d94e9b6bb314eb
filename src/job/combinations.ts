/**
 * Rules between keys of a job, which no single field can say. They read the form as it was written, whatever else is wrong with it, so
 * that one look at a job tells everything that must change: hence the careful reading of every field.
 */
import { metricFits, metricNames, metricsOf } from "../evaluation/names.ts";
import type { Task } from "../learners/learner.ts";
import { type LearnerName, learnerParams, learnerTasks } from "../learners/params.ts";
import { type Path, type Problem, shown, valueAt } from "./problem.ts";
import { gridProblems } from "./search-space.ts";

export function* combinationProblems(form: unknown): Iterable<Problem> {
  const at = (...path: Path) => valueAt(form, path);
  const model: object = Object(at("model"));
  const learner = Object.keys(model).find((name): name is LearnerName => Object.hasOwn(learnerParams, name));
  const tasks = learner ? learnerTasks[learner] : undefined;
  yield* labelProblems(at, learner);
  yield* splitProblems(at, tasks);
  yield* assemblerProblems(at("features"));
  if (learner && tasks) yield* metricProblems(at, learner, tasks);
  if (learner) yield* gridProblems(at("tune"), learner);
}

type At = (...path: Path) => unknown;

function* labelProblems(at: At, learner: LearnerName | undefined): Iterable<Problem> {
  const path: Path = typeof at("label") === "string" ? ["label"] : ["label", "column"];
  const label = at(...path);
  if (typeof label !== "string") return;
  const exclude = at("data", "exclude");
  if (Array.isArray(exclude) && exclude.includes(label)) {
    yield { path: ["data", "exclude", exclude.indexOf(label)], message: `must not be the label, got ${shown(label)}` };
  }
  if (at("weight") === label) yield { path: ["weight"], message: `must not be the label, got ${shown(label)}` };
  if (at("split", "groupBy") === label) yield { path: ["split", "groupBy"], message: `must not be the label, got ${shown(label)}` };
  const positive = at("label", "positive");
  if (learner !== undefined && learnerTasks[learner].includes("regression") && positive !== undefined) {
    yield { path: ["label", "positive"], message: `must go with a learner of classes, got ${shown(positive)} for ${learner}` };
  }
}

const SPLIT_KINDS = ["test", "everyNth", "testPath", "column", "after"];

function* splitProblems(at: At, tasks: readonly Task[] | undefined): Iterable<Problem> {
  const split = at("split");
  if (typeof split !== "object" || split === null) return;
  const given = SPLIT_KINDS.filter((key) => at("split", key) !== undefined);
  const kinds = given.includes("after") ? given.filter((key) => key !== "column") : given;
  if (kinds.length > 1) yield { path: ["split", kinds[1]], message: `must be the only way of splitting, got ${kinds.join(" and ")}` };
  if (given.includes("after") && !given.includes("column")) {
    yield { path: ["split", "after"], message: "must go with column, the column compared" };
  }
  const random = kinds.length === 0 || kinds[0] === "test" || at("tune") !== undefined;
  for (const key of ["stratify", "groupBy"]) {
    const value = at("split", key);
    if (value === undefined || value === false) continue;
    if (!random) yield { path: ["split", key], message: `must go with test or tune, where rows are drawn, got ${kinds[0]}` };
  }
  if (at("split", "stratify") !== true) return;
  if (at("split", "groupBy") !== undefined) {
    yield {
      path: ["split", "stratify"],
      message: "must be false with groupBy, because whole groups cannot keep the shares of the classes",
    };
  }
  if (tasks?.includes("regression")) yield { path: ["split", "stratify"], message: "must be false for regression, which has no classes" };
}

function* assemblerProblems(features: unknown): Iterable<Problem> {
  if (!Array.isArray(features)) return;
  for (const [i, stage] of features.slice(0, -1).entries()) {
    if (Object.hasOwn(Object(stage), "vectorAssembler")) {
      yield { path: ["features", i, "vectorAssembler"], message: `must be the last stage, got stage ${i + 1} of ${features.length}` };
    }
  }
}

function* metricProblems(at: At, learner: LearnerName, tasks: readonly Task[]): Iterable<Problem> {
  const fitting = [...new Set(tasks.flatMap(metricsOf))];
  const metrics = at("metrics");
  const list: readonly unknown[] = Array.isArray(metrics) ? metrics : [];
  const named: readonly [Path, unknown][] = [
    ...list.map((name, i): [Path, unknown] => [["metrics", i], name]),
    [["tune", "metric"], at("tune", "metric")],
  ];
  for (const [path, name] of named) {
    if (typeof name !== "string" || !Object.hasOwn(metricNames, name) || tasks.some((task) => metricFits(name, task))) continue;
    yield { path, message: `must be a metric for ${learner}, got ${name} (known: ${fitting.join(", ")})` };
  }
  for (const [i, name] of list.entries()) {
    if (list.indexOf(name) < i) yield { path: ["metrics", i], message: `must be named once, got ${shown(name)} again` };
  }
}
