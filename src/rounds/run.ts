/**
 * The state of a run between rounds: all that the reducer keeps and checkpoints. Plain data. It names what happens next, so that a
 * run killed anywhere goes on from its last checkpoint with the same bytes.
 */
import type { ColumnType, Table } from "../data/columns.ts";
import type { Evaluated, EvaluationAsk } from "../evaluation/evaluation.ts";
import { type FitState, viewFor } from "../features/fit.ts";
import type { View } from "../features/view.ts";
import type { LearnerAny } from "../learners/registry.ts";
import type { ModelJson } from "../model/format.ts";
import type { Inspection } from "../model/inspection.ts";
import type { Plan } from "../plan/plan.ts";
import type { Drift } from "../profile/drift.ts";
import type { Profile } from "../profile/profile.ts";
import type { Measured } from "./measure.ts";
import type { LabelGroup, Labels } from "./parts/labels.ts";
import type { PartClasses } from "./parts/strata.ts";
import type { LoadState } from "./phases/load.ts";
import type { Trained } from "./phases/train.ts";
import { NOTHING_SPENT, type Spent } from "./spent.ts";

/**
 * load: text to typed columns · survey: rows of each class, where the split is stratified · fit: labels and features · search: every
 * setting on every fold · judge: each on its held-out fold · train: the best setting on all training rows · evaluate: the model on
 * training and test rows · publish: nothing left to ask.
 * A run that scores goes from load to score: predictions of a published model; or to inspect: what moves them. One that updates fits nothing but the labels.
 */
export const PHASES = ["load", "survey", "fit", "search", "judge", "train", "evaluate", "score", "inspect", "publish"] as const;
export type PhaseName = (typeof PHASES)[number];

export interface RunState {
  readonly phase: PhaseName;
  /** Rounds ended so far. */
  readonly rounds: number;
  readonly load: LoadState | null;
  readonly dataset: Dataset | null;
  /** Until the phase ends, which writes them as an object of their own. */
  readonly survey: readonly PartClasses[] | null;
  readonly labels: Labels | null;
  /** Class texts in order; null for regression, and before the first fit round has ended. */
  readonly classes: readonly string[] | null;
  /** Null in a run that takes its features from a published model. */
  readonly fit: FitState | null;
  /** Of the training rows; after the first round of fitting. */
  readonly profile: Profile | null;
  /** Labels of the rows that earlier versions were trained on, in an update. */
  readonly earlier: LabelGroup | null;
  readonly candidates: readonly CandidateState[];
  /** The exchange that is next or under way; what the tasks answered, while the ranges are asked; how often its blocks were lost in a row. */
  readonly exchange: { readonly number: number; readonly waiting: Trained | null; readonly losses: number };
  readonly judged: JudgeState | null;
  readonly evaluated: EvaluateState | null;
  readonly scored: ScoredState | null;
  readonly inspected: InspectState | null;
  readonly spent: Spent;
  /** What each ended round did, for the report; never in a model. */
  readonly history: readonly RoundRecord[];
}

/** The loaded dataset in short; its manifest lies beside it. */
export interface Dataset {
  readonly fingerprint: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: number;
  readonly parts: number;
  readonly badRows: number;
  /** Of reading the source. */
  readonly warnings: readonly string[];
  /** First row of the test files; null where the split names none. */
  readonly testFromRow: number | null;
}

export interface CandidateState {
  readonly id: number;
  /** Place in the list of settings; equal settings share the first one's. */
  readonly setting: number;
  /** The held-out fold; null: all training rows. */
  readonly fold: number | null;
  /** The learner's own. */
  readonly state: unknown;
  readonly done: boolean;
  readonly loss: readonly number[];
}

/** Held-out results by candidate id, and the follow-up questions of those that need another round. */
interface JudgeState {
  readonly results: Readonly<Record<string, Judged>>;
  readonly asks: Readonly<Record<string, EvaluationAsk>>;
}

/** What is still to be asked of each side (null: nothing), and what is known. */
export interface EvaluateState {
  readonly asks: { readonly train: EvaluationAsk | null; readonly test: EvaluationAsk | null };
  readonly results: { readonly train: FullyJudged | null; readonly test: FullyJudged | null };
}

/** What a scoring run wrote. */
interface ScoredState {
  readonly files: readonly string[];
  readonly rows: number;
  /** Null where the data has no label. */
  readonly evaluated: Evaluated | null;
  /** Null where the model has no profile. */
  readonly drift: Drift | null;
}

/** The rows that an inspection looks at, until it has looked. */
interface InspectState {
  readonly sample: Table | null;
  readonly result: Inspection | null;
}

/** A model's metrics with those of the constant prediction on the same rows. */
export interface Judged {
  readonly model: Pick<Evaluated, "metrics">;
  readonly baseline: Pick<Evaluated, "metrics">;
}

/** With what is published of the model. */
interface FullyJudged extends Judged {
  readonly model: Evaluated;
}

export interface RoundRecord extends Measured {
  readonly phase: PhaseName;
  readonly round: number;
  readonly units: number;
  readonly loss?: number;
}

/** What the phases need beside the state, the same in every round of a run. */
export interface RunContext {
  readonly plan: Plan;
  readonly learner: LearnerAny;
  /** The published model, in a run that scores, updates or goes on from it. */
  readonly model: ModelJson | null;
  /** The rows that it was trained on, in a run that scores; null where it does not tell. */
  readonly profile: Profile | null;
}

/** The question of one round and the units that answer it: cuts in the load phase, parts in all others. */
export interface Round {
  readonly number: number;
  readonly phase: PhaseName;
  readonly units: readonly number[];
  readonly ask: unknown;
  /** Statistics gather parts in any order: one a task. */
  readonly anyOrder?: boolean;
}

export function startState(): RunState {
  return {
    phase: "load",
    rounds: 0,
    load: null,
    dataset: null,
    survey: null,
    labels: null,
    classes: null,
    fit: null,
    profile: null,
    earlier: null,
    candidates: [],
    exchange: { number: 0, waiting: null, losses: 0 },
    judged: null,
    evaluated: null,
    scored: null,
    inspected: null,
    spent: NOTHING_SPENT,
    history: [],
  };
}

/** Fold groups of the training rows: one without a search. */
export const foldCount = ({ plan }: RunContext): number => plan.job.tune?.folds ?? 1;

export const isClassifier = ({ learner }: RunContext): boolean => !learner.tasks.includes("regression");

/** The view with this fold held out, or of all training rows (null): the one of the version before in an update, and of the model that a training goes on from. */
export function viewOf({ fit }: RunState, { plan, model }: RunContext, fold: number | null): View {
  if ((plan.update ?? plan.from) !== undefined && model !== null) return model.view;
  if (fit === null) throw new Error("a view needs fitted features");
  return viewFor(fit, fold);
}
