/** Train: the learner's own rounds, for all candidates that are not done, in one scan. Serves the search and the final training alike. */
import type { LearnerAny } from "../../learners/registry.ts";
import { matrixPart } from "../part.ts";
import type { Phase } from "../phase.ts";
import type { CandidateState, RunState } from "../run.ts";

export interface TrainAsk {
  readonly classes: readonly string[] | null;
  readonly ask: unknown;
}

/** The phase of one learner: its verbs decide what is asked, mapped, merged and concluded. */
export function trainPhase(learner: LearnerAny): Phase<TrainAsk, unknown> {
  return {
    ask: (state) => {
      const active = activeOf(state);
      if (active.length === 0) return null;
      const { parts, ask, anyOrder = false } = learner.ask(active.map((candidate) => candidate.state));
      const units = parts === "all" ? [...Array(state.dataset?.parts ?? 0).keys()] : parts;
      return { units, ask: { classes: state.classes, ask }, anyOrder };
    },
    empty: ({ ask }) => learner.empty(ask),
    map: async (into, part, { classes, ask }, context) => {
      const rows = await context.rows(part, classes);
      context.resident.open(`${context.plan.run}/${part}`);
      learner.map(into, matrixPart(rows, context.resident), ask);
    },
    finish: learner.finish,
    merge: learner.merge,
    step: (merged, { ask }, state) => {
      const active = activeOf(state);
      const turns = learner.step(
        merged,
        ask,
        active.map((candidate) => candidate.state),
      );
      const after = new Map(active.map((candidate, i) => [candidate.id, { candidate, turn: turns[i] }]));
      const candidates = state.candidates.map((candidate): CandidateState => {
        const turn = after.get(candidate.id)?.turn;
        if (turn === undefined) return candidate;
        const loss = turn.loss === undefined ? candidate.loss : [...candidate.loss, turn.loss];
        return { ...candidate, state: turn.state, done: turn.done, loss };
      });
      return { ...state, candidates };
    },
  };
}

const activeOf = (state: RunState): CandidateState[] => state.candidates.filter((candidate) => !candidate.done);
