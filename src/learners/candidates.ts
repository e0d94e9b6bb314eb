/**
 * Lifts a learner that thinks of one candidate to many. Every candidate says which questions it has; equal questions are asked once,
 * and questions about the same encoded rows share the encoding, so a scan serves all candidates. Each question adds up its own rows in
 * its own order, whatever company it has: a candidate alone gives the bits that it gives among others.
 */
import type { View } from "../features/view.ts";
import type { Block, Part, Shape, SparseBlock, Work } from "./learner.ts";

/** Every `every`-th block of the parts 0, stride, 2 stride …: the same rows wherever the parts are mapped. */
export interface Sample {
  readonly stride: number;
  readonly every: number;
}

export interface Question<Body> {
  /** Equal keys are equal questions. */
  readonly key: string;
  readonly view: View;
  /** Fold groups whose rows count, ascending. */
  readonly folds: readonly number[];
  /** null: all rows. */
  readonly sample: Sample | null;
  readonly body: Body;
}

export interface PlacedQuestion<Body> {
  /** Place of its view in the ask. */
  readonly view: number;
  readonly folds: readonly number[];
  readonly sample: Sample | null;
  readonly body: Body;
}

export interface JointAsk<Body> {
  readonly views: readonly View[];
  readonly questions: readonly PlacedQuestion<Body>[];
  /** For each active candidate the places of its questions, in the order in which it asked. */
  readonly asked: readonly (readonly number[])[];
}

/** One entry a question. */
export interface JointStatistic<Answer> {
  readonly answers: Answer[];
}

/** The questions of all active candidates as the work of one round. */
export function joinQuestions<Body>(byCandidate: readonly (readonly Question<Body>[])[], shape: Shape): Work<JointAsk<Body>> {
  const views: View[] = [];
  const viewPlaces = new Map<string, number>();
  const questions: PlacedQuestion<Body>[] = [];
  const questionPlaces = new Map<string, number>();
  const placeView = (view: View): number => {
    const key = JSON.stringify(view);
    return viewPlaces.get(key) ?? remember(viewPlaces, key, views.push(view) - 1);
  };
  const asked = byCandidate.map((own) =>
    own.map(({ key, view, folds, sample, body }) => {
      const known = questionPlaces.get(key);
      return known ?? remember(questionPlaces, key, questions.push({ view: placeView(view), folds, sample, body }) - 1);
    }),
  );
  return { parts: partsOf(questions, shape), ask: { views, questions, asked } };
}

function remember(places: Map<string, number>, key: string, place: number): number {
  places.set(key, place);
  return place;
}

/**
 * The parts that the samples need, or all. A stride is a power of two, so each sampled part is the only one with rows in its subtree of
 * the merge tree, and the sum is the same whether the other parts are left out or answer with nothing.
 */
function partsOf(questions: readonly PlacedQuestion<unknown>[], shape: Shape): Work<unknown>["parts"] {
  const strides = questions.map(({ sample }) => sample?.stride ?? 1);
  const stride = Math.min(...strides);
  if (stride <= 1) return "all";
  return Array.from({ length: Math.ceil(shape.parts / stride) }, (_, i) => i * stride);
}

/** Whether the question has anything to do with the part. */
export const concerns = (question: PlacedQuestion<unknown>, part: Part): boolean =>
  question.sample === null || part.number % question.sample.stride === 0;

/** Shows each block of the part to the questions that count its rows; `visit` gets the place of the question. */
export function visitBlocks<Body>(
  part: Part,
  ask: JointAsk<Body>,
  wanted: (question: PlacedQuestion<Body>) => boolean,
  visit: (block: Block, question: number) => void,
): void {
  for (const { view, folds, every, questions } of scans(part, ask, wanted)) {
    for (const block of part.blocks(view, folds, every)) for (const question of questions) visit(block, question);
  }
}

/** The same for sparse rows. */
export function visitSparseBlocks<Body>(
  part: Part,
  ask: JointAsk<Body>,
  wanted: (question: PlacedQuestion<Body>) => boolean,
  visit: (block: SparseBlock, question: number) => void,
): void {
  for (const { view, folds, every, questions } of scans(part, ask, wanted)) {
    for (const block of part.sparseBlocks(view, folds, every)) for (const question of questions) visit(block, question);
  }
}

interface Scan {
  readonly view: View;
  readonly folds: readonly number[];
  readonly every: number;
  readonly questions: number[];
}

/** What must be encoded of the part, each once, and for whom. */
function scans<Body>(part: Part, ask: JointAsk<Body>, wanted: (question: PlacedQuestion<Body>) => boolean): Scan[] {
  const found = new Map<string, Scan>();
  ask.questions.forEach((question, place) => {
    if (!concerns(question, part) || !wanted(question)) return;
    const every = question.sample?.every ?? 1;
    const { folds } = question;
    const key = `${question.view} ${every} ${folds}`;
    const scan = found.get(key);
    if (scan === undefined) found.set(key, { view: ask.views[question.view], folds, every, questions: [place] });
    else scan.questions.push(place);
  });
  return [...found.values()];
}

/** The answers to a candidate's own questions. */
export const answersOf = <Body, Answer>(ask: JointAsk<Body>, statistic: JointStatistic<Answer>, candidate: number): Answer[] =>
  ask.asked[candidate].map((place) => statistic.answers[place]);
