/**
 * Publishes the model of a finished run: blobs first, `model.json` after them, and `latest.json` last by one small write, so a folder is
 * whole or nobody is sent to it. Nothing that differs between two runs of the same job on the same data is in it.
 */
import { createHash } from "node:crypto";
import { fittedSummary } from "../../features/fit.ts";
import { type MetricsJson, MODEL_FORMAT, type ModelJson, type SearchJson } from "../../model/format.ts";
import { version } from "../../model/version.ts";
import { ConflictError, InputError } from "../../ports/errors.ts";
import { readJson, writeJson } from "../../ports/json.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import type { Profile } from "../../profile/profile.ts";
import { searchOf } from "../../tuning/candidates.ts";
import { openCheckpoint } from "../checkpoint.ts";
import { limitWarning } from "../limits.ts";
import { taskOf } from "../parts/judging.ts";
import { selectionOf } from "../phases/judge.ts";
import { foldCount, type RunContext, type RunState, viewOf } from "../run.ts";
import { keptBytes } from "./kept.ts";
import { isUpdate, type Latest, moveLatest, readLatest } from "./versions.ts";

export interface Published {
  /** Key of the folder. */
  readonly folder: string;
}

export async function publishModel(store: ObjectStore, outputs: ObjectStore, context: RunContext): Promise<Published> {
  const { plan } = context;
  const { state } = await openCheckpoint(store, plan.run);
  const version = versionOf(state, context);
  const folder = `${plan.job.output}/${plan.run}`;
  await writeVersion(outputs, folder, version);
  await leadTo(outputs, plan.job.output, plan.run);
  return { folder };
}

/** Everything in the folder of a version. */
export interface Version {
  readonly model: ModelJson;
  readonly metrics: MetricsJson;
  readonly weights: Uint8Array;
  /** Null where the learner keeps nothing for updates. */
  readonly statistic: Uint8Array | null;
  /** Null where the version takes over that of another. */
  readonly profile: Profile | null;
}

export async function writeVersion(
  outputs: ObjectStore,
  folder: string,
  { model, metrics, weights, statistic, profile }: Version,
): Promise<void> {
  await Promise.all([
    outputs.write(`${folder}/weights.bin`, weights),
    writeJson(outputs, `${folder}/metrics.json`, metrics),
    ...(profile === null ? [] : [writeJson(outputs, `${folder}/profile.json`, profile)]),
    ...(statistic === null ? [] : [outputs.write(`${folder}/statistic.bin`, statistic)]),
  ]);
  await writeJson(outputs, `${folder}/model.json`, model);
}

/** A training is the latest version once it ends, whatever was published meanwhile, unless that has followed from it already. */
async function leadTo(outputs: ObjectStore, folder: string, version: string): Promise<void> {
  for (let before: Latest | null | undefined; ; ) {
    const latest = await readLatest(outputs, folder);
    // Refused, though nobody else has written.
    if (before !== undefined && latest?.etag === before?.etag)
      throw new InputError(
        `object ${folder}/latest.json must be readable once it is written, got ${latest === null ? "none" : "the one before"}`,
      );
    if (latest?.version === version) return;
    if (latest !== null && isUpdate(latest.version)) {
      const { update } = await readJson<ModelJson>(outputs, `${folder}/${latest.version}/model.json`);
      if (update?.trained === version) return;
    }
    try {
      return await moveLatest(outputs, folder, version, latest);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      before = latest;
    }
  }
}

const NOTHING_HELD_OUT = "the split holds out no row: metrics are of the rows that the model was trained on";

/** What a finished training publishes. */
export function versionOf(state: RunState, context: RunContext): Version {
  const { plan } = context;
  const { job } = plan;
  const { fit, dataset } = state;
  if (fit === null || dataset === null) throw new Error("a model must be trained before it is published");
  const { final, trained, described, files, metrics, results } = outcomeOf(state, context);
  const { train, test } = results;
  const params = searchOf(job).settings[final.setting];
  const from = plan.from === undefined ? null : context.model;
  const model: ModelJson = {
    format: MODEL_FORMAT,
    steplearn: version,
    name: job.name,
    learner: context.learner.name,
    task: taskOf(state),
    label: { column: job.label.column, classes: state.classes ?? [] },
    threshold: typeof job.model.params.threshold === "number" ? job.model.params.threshold : 0.5,
    parameters: context.learner.settled?.(params, state.classes?.length ?? 0) ?? params,
    ...described.readable,
    metrics: { train: train.model.metrics, test: test?.model.metrics ?? null },
    baseline: metrics.baseline,
    loss: final.loss,
    warnings: [
      ...new Set([
        ...dataset.warnings,
        ...(from === null ? fit.notes : []),
        ...described.warnings,
        ...(test?.model.warnings ?? []),
        ...train.model.warnings,
        ...(test === null && job.split.kind !== "none" ? [NOTHING_HELD_OUT] : []),
        ...limitWarning(state, context),
      ]),
    ],
    tune: job.tune === undefined ? null : searchJson(state, context),
    features: from === null ? fittedSummary(fit) : from.features,
    data: { fingerprint: dataset.fingerprint, rows: dataset.rows, columns: dataset.columns },
    job: { ...job, output: "" },
    ...(plan.from && { from: plan.from.version }),
    view: viewOf(state, context, null),
    model: trained,
    blobs: hashesOf(files),
  };
  return { model, metrics, profile: state.profile, ...files };
}

/** What training and evaluation came to, for the versions of trainings and of updates alike. */
export function outcomeOf(state: RunState, context: RunContext) {
  const { labels, dataset, evaluated } = state;
  const train = evaluated?.results.train;
  if (labels === null || dataset === null || train == null) throw new Error("a model must be evaluated before it is published");
  const test = evaluated?.results.test ?? null;
  const final = state.candidates[state.candidates.length - 1];
  const trained = context.learner.model(final.state);
  const described = context.learner.describe(trained, viewOf(state, context, null));
  const weights = new Uint8Array(described.weights.buffer, described.weights.byteOffset, described.weights.byteLength);
  const { confusion, mostConfused, byClass, curve } = (test ?? train).model;
  const metrics: MetricsJson = {
    train: train.model.metrics,
    test: test?.model.metrics ?? null,
    baseline: { train: train.baseline.metrics, test: test?.baseline.metrics ?? null },
    rows: { train: train.model.rows, test: test?.model.rows ?? 0, dropped: labels.dropped, bad: dataset.badRows },
    ...(confusion && { confusion }),
    ...(mostConfused && { mostConfused }),
    ...(byClass && { byClass }),
    ...(curve && { curve }),
  };
  return { final, trained, described, metrics, results: { train, test }, files: { weights, statistic: keptBytes(state, context) } };
}

/** Of the blobs of a version. */
export function hashesOf({ weights, statistic }: Pick<Version, "weights" | "statistic">): Readonly<Record<string, string>> {
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  return { "weights.bin": sha256(weights), ...(statistic !== null && { "statistic.bin": sha256(statistic) }) };
}

function searchJson(state: RunState, context: RunContext): SearchJson {
  const { metric, winner, table, baseline } = selectionOf(state, context);
  const settings = table.map(({ params, mean, standardDeviation, values }) => ({ params, mean, standardDeviation, values }));
  return { metric, folds: foldCount(context), winner: searchOf(context.plan.job).settings[winner], baseline: baseline.mean, settings };
}
