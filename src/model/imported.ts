/** A model that another program trained, as one of ours: it is scored, shown and exported, and knows nothing of its training rows. */
import type { View, ViewColumn } from "../features/view.ts";
import { DEFAULT_MISSING } from "../job/job.ts";
import type { Task } from "../learners/learner.ts";
import { describeTrees, type TreeModel } from "../learners/trees/ensemble/model.ts";
import { packEnsemble } from "../learners/trees/ensemble/pack.ts";
import type { Ensemble } from "../learners/trees/tree.ts";
import { type MetricsJson, MODEL_FORMAT, type ModelJson } from "./format.ts";
import { version } from "./version.ts";

/** Trees and the columns that they read. */
interface Foreign {
  readonly ensemble: Ensemble;
  readonly names: readonly string[];
  /** By column: values of the data in the order of their categories; null where the data has numbers or the categories' own numbers. */
  readonly levels: readonly (readonly (string | number)[] | null)[];
  readonly task: Task;
}

interface Naming {
  readonly name: string;
  /** Column of the data that may hold what is predicted. */
  readonly label: string;
  /** Empty for a number. */
  readonly classes: readonly string[];
  readonly fingerprint: string;
}

interface Imported {
  /** Whoever writes the weights adds their hash to `blobs`. */
  readonly model: ModelJson;
  readonly metrics: MetricsJson;
  readonly weights: Uint8Array;
}

export function importedModel({ ensemble, names, levels, task }: Foreign, { name, label, classes, fingerprint }: Naming): Imported {
  const learner = `${ensemble.link === "mean" ? "randomForest" : "gradientBoosting"}${task === "regression" ? "Regressor" : "Classifier"}`;
  const own: TreeModel = { learner, classes, ensemble: packEnsemble(ensemble), warnings: [] };
  const view: View = { columns: names.map((column, j) => columnOf(column, levels[j])), skipWhere: [] };
  const { readable, weights } = describeTrees(own, view);
  const columns = names.map((column, j) => ({ name: column, type: isText(levels[j]) ? "string" : "number" }) as const);
  const rows = ensemble.trees[0]?.weight[0] ?? 0;
  const nothing = { train: {}, test: null };
  const metrics = { ...nothing, baseline: nothing, rows: { train: rows, test: 0, dropped: 0, bad: 0 } };
  return {
    model: {
      format: MODEL_FORMAT,
      steplearn: version,
      name,
      learner,
      task,
      label: { column: label, classes },
      threshold: 0.5,
      parameters: {},
      ...readable,
      metrics: nothing,
      baseline: nothing,
      loss: [],
      warnings: ["imported: how good it is on its training rows is not known; steplearn evaluate judges it on labelled rows"],
      tune: null,
      features: [],
      data: { fingerprint, rows, columns },
      job: {
        name,
        data: { paths: [], columns: {}, missing: DEFAULT_MISSING, exclude: [] },
        label: { column: label },
        split: { kind: "none", seed: 0, stratify: false },
        features: "auto",
        model: { learner, params: {} },
        metrics: [],
        output: "",
        limits: { badRows: 0 },
      },
      view,
      model: own,
      blobs: {},
    },
    metrics,
    weights: new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength),
  };
}

const isText = (levels: readonly (string | number)[] | null): boolean => levels?.some((level) => typeof level === "string") === true;

function columnOf(name: string, levels: readonly (string | number)[] | null): ViewColumn {
  const take = levels === null ? ({ kind: "number" } as const) : ({ kind: "index", levels: levels.map(String), other: null } as const);
  return { name, source: name, take, fill: Number.NaN, keepsMissing: true, shift: 0, scale: 1 };
}
