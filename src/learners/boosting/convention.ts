/**
 * Rules of boosting where authors differ, by the convention that has them: whoever needs one asks here. Those of `steplearn` are
 * scikit-learn's (HistGradientBoosting) and those of the papers; those of `lightgbm` are what LightGBM 4 does, by its function's name.
 */
import { exp } from "../../kernels/kernels.ts";
import { type CutNumbers, evenCuts } from "../trees/bins/cuts.ts";
import { lightgbmCuts } from "../trees/bins/lightgbm-cuts.ts";
import { type Seeing, seenByLightgbm } from "./as-lightgbm.ts";
import type { CategoryRules } from "./growing/categories.ts";
import type { BoostingParams } from "./state.ts";

interface Convention {
  /** Where the bins of a column of numbers end. */
  readonly cuts: CutNumbers;
  /**
   * How one column of a node stands when each is searched by itself, and where nothing gains is not looked at below
   * (`FeatureHistogram::is_splittable`); null for a search of all columns as they are.
   */
  readonly seen: Seeing | null;
  /** Under monotone constraints gains are over what the node itself gives within its bounds; else over what it would without them. */
  readonly boundsParent: boolean;
  readonly categories: CategoryRules;
  /** Rows of every bin are asked for, also where a leaf may have a single one. */
  readonly needsRows: boolean;
  /** On the second derivatives of so many classes. Twice is once for each of two margins that stand for one: Friedman 2001, algorithm 6. */
  softmaxFactor(classes: number): number;
  /** On the second derivatives of `poisson`. */
  readonly poissonFactor: number;
}

/** LightGBM's `poisson_max_delta_step`, which keeps the steps of its counts short. */
const POISSON_STEP = 0.7;

const conventions: Readonly<Record<BoostingParams["convention"], Convention>> = {
  steplearn: {
    cuts: evenCuts,
    seen: null,
    boundsParent: true,
    categories: { missingIsOne: true, fewOfColumn: false, leavesArePenalised: false },
    needsRows: false,
    softmaxFactor: () => 1,
    poissonFactor: 1,
  },
  lightgbm: {
    cuts: lightgbmCuts,
    seen: seenByLightgbm,
    // `BeforeNumerical`, whose gain_shift knows no constraints.
    boundsParent: false,
    // `FindBestThresholdCategoricalInner`, whose bin 0 is that of missing values and rare levels.
    categories: { missingIsOne: false, fewOfColumn: true, leavesArePenalised: true },
    needsRows: true,
    softmaxFactor: (classes) => classes / (classes - 1),
    poissonFactor: exp(POISSON_STEP),
  },
};

export const conventionOf = ({ convention }: Pick<BoostingParams, "convention">): Convention => conventions[convention];
