/**
 * Random forests and single trees (Breiman, "Random forests", 2001; Breiman et al., "Classification and regression trees", 1984) on bins.
 *
 * One round finds the bins. Rows of a small table then come together, and trees grow where they are. Of others all trees of a group grow
 * together from the merged sums of their nodes, a level in a round while those fit the memory of a round; and rows come together only
 * where a node has few. Which rows a tree draws and which columns a node looks at are hashes of the row's number and the node's path, and
 * sums are exact: who adds up what, in which order, never shows in a model.
 */
import { answersOf, concerns, type JointAsk, type JointStatistic, joinQuestions } from "../candidates.ts";
import type { Learner, Work } from "../learner.ts";
import { addSeen, categoriesOf, emptySeen, mergeSeen, type Seen } from "../trees/bins/cuts.ts";
import { describeTrees, predictTrees, type TreeModel, treeExplainer, treePredictor, unpacked } from "../trees/ensemble/model.ts";
import { packEnsemble } from "../trees/ensemble/pack.ts";
import { emptyAnswer, type GrowAnswer, mergeAnswers } from "./answer.ts";
import { costOf } from "./cost.ts";
import { settledSubset } from "./draw.ts";
import { takeOver } from "./gathering.ts";
import { emptyJudged, type Judged, judgePart, mergeJudged, type OutOfBagScore } from "./out-of-bag.ts";
import { growPart } from "./part.ts";
import { addBinned, addRows, type GatheredRows, noRows } from "./rows.ts";
import type { ForestParams } from "./rules.ts";
import { afterGrowing, afterJudging, afterRows, type Body, type ForestState, opened, questionOf, startState } from "./state.ts";
import { type TrainedBody, trainedBody, trainedRows } from "./trained.ts";

type ForestAsk = JointAsk<Body>;
type ForestStatistic = JointStatistic<Seen | GatheredRows | GrowAnswer | Judged>;
interface ForestModel extends TreeModel {
  readonly outOfBag: OutOfBagScore | null;
}
type Forest = Learner<Partial<ForestParams>, ForestState, ForestAsk, ForestStatistic, ForestModel>;

/** What a single tree does not ask. */
const ONE_TREE = { numTrees: 1, featureSubsetStrategy: "all", bootstrap: false, subsamplingRate: 1, outOfBag: false } as const;

function learner(name: string, tasks: Forest["tasks"]): Forest {
  const whole = (own: Partial<ForestParams>): ForestParams => ({ ...ONE_TREE, ...own }) as ForestParams;
  return {
    name,
    source: "Breiman 2001; Breiman, Friedman, Olshen & Stone 1984 (trees)",
    tasks,
    rows: "bins",
    cost: (shape, own) => costOf(shape, whole(own)),
    settled: (own, classes) =>
      own.featureSubsetStrategy === undefined
        ? own
        : { ...own, featureSubsetStrategy: settledSubset(own.featureSubsetStrategy, classes, whole(own).numTrees) },
    start: (candidate) => startState({ ...candidate, params: whole(candidate.params) }),

    ask(active): Work<ForestAsk> {
      const work = joinQuestions(
        active.map((state) => [questionOf(state)]),
        active[0].candidate.shape,
      );
      if (active.some(({ cuts }) => cuts === null)) return work;
      const parts = [...new Set(active.flatMap(({ facts }) => facts?.parts ?? []))].sort((a, b) => a - b);
      return { ...work, parts, anyOrder: true };
    },

    empty: (ask) => ({
      answers: ask.questions.map(({ view, body }) => {
        const own = ask.views[view];
        if (body.kind === "cuts") return emptySeen(own, body);
        if (body.kind === "rows") return noRows(own.columns.length);
        return body.kind === "grow" ? emptyAnswer() : emptyJudged();
      }),
    }),

    map(into, part, ask) {
      ask.questions.forEach((question, place) => {
        if (!concerns(question, part)) return;
        const { body, folds } = question;
        const view = ask.views[question.view];
        const answer = into.answers[place];
        if (body.kind === "cuts") {
          addSeen(answer as Seen, part, view, folds, body);
          return;
        }
        const binned = part.binned(view, body.cuts, folds);
        if (binned.rows === 0) return;
        if (body.kind === "rows") addBinned(answer as GatheredRows, part, binned);
        else if (body.kind === "grow") growPart(answer as GrowAnswer, part, binned, body);
        else judgePart(answer as Judged, part, binned, body);
      });
    },

    finish(into) {
      for (const answer of into.answers) if (answer.kind === "grow") takeOver(answer);
    },

    merge(into, other) {
      into.answers.forEach((answer, place) => {
        const from = other.answers[place];
        if (answer.kind === "cuts" && from.kind === "cuts") mergeSeen(answer, from);
        else if (answer.kind === "rows" && from.kind === "rows") addRows(answer, from);
        else if (answer.kind === "grow" && from.kind === "grow") mergeAnswers(answer, from);
        else if (answer.kind === "judge" && from.kind === "judge") mergeJudged(answer, from);
        else throw new Error(`statistics must answer the same questions, got ${answer.kind} and ${from.kind} at place ${place}`);
      });
    },

    step: (merged, ask, active) =>
      active.map((state, i) => {
        const [answer] = answersOf(ask, merged, i);
        if (answer.kind === "cuts") return opened(state, answer);
        if (answer.kind === "rows") return afterRows(state, answer);
        return answer.kind === "grow" ? afterGrowing(state, answer) : afterJudging(state, answer);
      }),

    model: (state) => modelOf(state, name),
    trained: {
      ask: trainedBody,
      predictions: (part, view, folds, ask, { ensemble }, each) =>
        trainedRows(part, view, folds, ask as TrainedBody, unpacked(ensemble), each),
    },
    describe(model, view) {
      const described = describeTrees(model, view);
      return model.outOfBag === null ? described : { ...described, readable: { ...described.readable, outOfBag: model.outOfBag } };
    },
    predict: predictTrees,
    predictor: treePredictor,
    explainer: treeExplainer,
  };
}

export const randomForestRegressor = learner("randomForestRegressor", ["regression"]);
export const randomForestClassifier = learner("randomForestClassifier", ["binary", "multiclass"]);
export const decisionTreeRegressor = learner("decisionTreeRegressor", ["regression"]);
export const decisionTreeClassifier = learner("decisionTreeClassifier", ["binary", "multiclass"]);

function modelOf({ candidate, trees, score, warnings }: ForestState, learnerName: string): ForestModel {
  const { view, classes } = candidate;
  const outputs = classes.length > 2 ? classes.length : 1;
  const ensemble = packEnsemble({ trees, outputs, lines: 1, base: [], link: "mean", categories: categoriesOf(view) });
  return { learner: learnerName, classes, ensemble, outOfBag: score, warnings };
}
