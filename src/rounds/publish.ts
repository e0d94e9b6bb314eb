/**
 * Publishes the model of a finished run: blobs first, `model.json` after them, and `latest.json` last by one small write, so a folder is
 * whole or nobody is sent to it. Nothing that differs between two runs of the same job on the same data is in it.
 */
import { createHash } from "node:crypto";
import { fittedSummary, viewFor } from "../features/fit.ts";
import { type MetricsJson, MODEL_FORMAT, type ModelJson, type SearchJson } from "../model/format.ts";
import { version } from "../model/version.ts";
import { writeJson } from "../ports/json.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import { searchOf } from "../tuning/candidates.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { taskOf } from "./judging.ts";
import { selectionOf } from "./phases/judge.ts";
import { foldCount, type RunContext, type RunState } from "./run.ts";

export interface Published {
  /** Key of the folder. */
  readonly folder: string;
}

export async function publishModel(store: ObjectStore, outputs: ObjectStore, context: RunContext): Promise<Published> {
  const { plan } = context;
  const { state } = await openCheckpoint(store, plan.run);
  const { model, metrics, weights } = modelOf(state, context);
  const folder = `${plan.job.output}/${plan.run}`;
  await Promise.all([outputs.write(`${folder}/weights.bin`, weights), writeJson(outputs, `${folder}/metrics.json`, metrics)]);
  await writeJson(outputs, `${folder}/model.json`, model);
  await writeJson(outputs, `${plan.job.output}/latest.json`, { version: plan.run });
  return { folder };
}

/** Everything in the folder of the model. */
export function modelOf(state: RunState, context: RunContext): { model: ModelJson; metrics: MetricsJson; weights: Uint8Array } {
  const { plan, learner } = context;
  const { job } = plan;
  const { fit, labels, dataset, evaluated } = state;
  const train = evaluated?.results.train;
  if (fit === null || labels === null || dataset === null || train == null)
    throw new Error("a model must be evaluated before it is published");
  const test = evaluated?.results.test ?? null;
  const final = state.candidates[state.candidates.length - 1];
  const search = searchOf(job);
  const view = viewFor(fit, null);
  const trained = learner.model(final.state);
  const described = learner.describe(trained, view);
  const weights = new Uint8Array(described.weights.buffer, described.weights.byteOffset, described.weights.byteLength);
  const baseline = { train: train.baseline.metrics, test: test?.baseline.metrics ?? null };
  const model: ModelJson = {
    format: MODEL_FORMAT,
    steplearn: version,
    name: job.name,
    learner: learner.name,
    task: taskOf(state),
    label: { column: job.label.column, classes: state.classes ?? [] },
    threshold: typeof job.model.params.threshold === "number" ? job.model.params.threshold : 0.5,
    parameters: search.settings[final.setting],
    ...described.readable,
    metrics: { train: train.model.metrics, test: test?.model.metrics ?? null },
    baseline,
    loss: final.loss,
    warnings: [...new Set([...fit.notes, ...described.warnings, ...(test?.model.warnings ?? []), ...train.model.warnings])],
    tune: job.tune === undefined ? null : searchJson(state, context),
    features: fittedSummary(fit),
    data: { fingerprint: dataset.fingerprint, rows: dataset.rows, columns: dataset.columns },
    job: { ...job, output: "" },
    view,
    model: trained,
    blobs: { "weights.bin": createHash("sha256").update(weights).digest("hex") },
  };
  const { confusion, byClass, curve } = (test ?? train).model;
  const metrics: MetricsJson = {
    train: train.model.metrics,
    test: test?.model.metrics ?? null,
    baseline,
    rows: { train: train.model.rows, test: test?.model.rows ?? 0, dropped: labels.dropped, bad: dataset.badRows },
    ...(confusion && { confusion }),
    ...(byClass && { byClass }),
    ...(curve && { curve }),
  };
  return { model, metrics, weights };
}

function searchJson(state: RunState, context: RunContext): SearchJson {
  const { metric, winner, table, baseline } = selectionOf(state, context);
  const settings = table.map(({ params, mean, standardDeviation, values }) => ({ params, mean, standardDeviation, values }));
  return { metric, folds: foldCount(context), winner: searchOf(context.plan.job).settings[winner], baseline: baseline.mean, settings };
}
