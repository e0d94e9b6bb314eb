/** Each law catches a learner that breaks it, by the law's name. */
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type LearnerAny, learners } from "../../src/learners/registry.ts";
import { subjects } from "./subjects.ts";
import { checkLaw, type LawName, lawNames, type Subject } from "./suite.ts";

const sound = learners.linearRegression;
const [subject] = subjects.linearRegression;

// biome-ignore lint/suspicious/noExplicitAny: broken learners reach into statistics and models of the sound one
type Any = any;

/** A linear model moved by `amount`, so that whatever decides the amount shows in the bytes. */
const moved = (model: Any, amount: number): Any => ({ ...model, intercept: model.intercept + amount });

/** A fresh broken learner a call, because some break by what they remember. */
const broken: Record<LawName, () => LearnerAny> = {
  "merging with empty changes nothing": () => ({
    ...sound,
    merge(into: Any, other: Any) {
      sound.merge(into, other);
      into.answers[0].moments.rows += 1;
    },
  }),
  "the same job gives the same bytes": () => {
    let models = 0;
    return { ...sound, model: (state) => moved(sound.model(state), models++) };
  },
  "any number of functions gives the same bytes": () => {
    let last = -1;
    return {
      ...sound,
      map(into: Any, part, ask) {
        sound.map(into, part, ask);
        // Counts where a task begins, as a cache of the function would.
        if (part.number !== last + 1 && part.number !== 0) into.answers[0].moments.mean[0] += 1e-9;
        last = part.number;
      },
    };
  },
  "other parts give the same answer": () => ({
    ...sound,
    map(into: Any, part, ask) {
      sound.map(into, part, ask);
      // A part's mean counts as one row, whatever its rows: averaging of local answers.
      const moments = into.answers[0].moments;
      if (moments?.weight > 0) moments.weight = 1;
    },
  }),
  "a task run twice, late or out of order changes nothing": () => {
    const seen = new Set<number>();
    return {
      ...sound,
      map(into: Any, part, ask) {
        sound.map(into, part, ask);
        if (seen.has(part.number)) into.answers[0].moments.mean[0] += 1e-9;
        seen.add(part.number);
      },
    };
  },
  "a candidate alone equals itself in company": () => ({
    ...sound,
    step: (merged, ask, active) =>
      sound
        .step(merged, ask, active)
        .map((turn: Any) => ({ ...turn, state: { ...turn.state, line: turn.state.line && moved(turn.state.line, 1e-9 * active.length) } })),
  }),
  "everything survives encode and decode": () => {
    class Kept {
      readonly amount = 1;
      get doubled(): number {
        return 2 * this.amount;
      }
    }
    return {
      ...sound,
      start: (candidate) => ({ ...sound.start(candidate), kept: new Kept() }),
      model: (state: Any) => moved(sound.model(state), state.kept.doubled),
    };
  },
  "inputs are unchanged": () => ({
    ...sound,
    map(into, part, ask: Any) {
      sound.map(into, part, ask);
      ask.questions[0].folds = [...ask.questions[0].folds, 0].slice(0, 4);
    },
  }),
  "no rows end in a stated result or a named error": () => ({
    ...sound,
    step(merged: Any, ask, active) {
      const { rows } = merged.answers[0].moments;
      if (rows === 0) throw new TypeError("cannot read properties of undefined");
      return sound.step(merged, ask, active);
    },
  }),
  "kept rows and new ones give what all of them give": () => ({
    ...sound,
    // Forgets how many rows it stands for.
    keep: (state: Any) => ({ ...state.training, weight: 1 }),
  }),
  "one row ends in a stated result or a named error": () => ({
    ...sound,
    model: (state: Any) => moved(sound.model(state), state.training.rows < 2 ? Number.NaN : 0),
  }),
  "a constant column ends in a stated result or a named error": () => ({
    ...sound,
    // Standardises without looking: 0 / 0.
    model: (state: Any) => moved(sound.model(state), state.training.c[0] === 0 ? 0 / state.training.c[0] : 0),
  }),
  "missing values end in a stated result or a named error": () => ({
    ...sound,
    map(into, part, ask) {
      try {
        sound.map(into, part, ask);
      } catch {
        throw new RangeError("offset is out of bounds");
      }
    },
  }),
  "every parameter just outside its range is refused": () => ({
    ...sound,
    params: z.strictObject({ regParam: z.number().min(0).default(0), tol: z.any() }),
  }),
  "measured bytes stay under cost": () => ({
    ...sound,
    cost: (shape, params) => ({ ...sound.cost(shape, params), statisticBytes: 8 * shape.columns }),
  }),
};

describe("a broken learner", () => {
  it.each(lawNames)("fails: %s", (name) => {
    const wrong: Subject = { ...subject, learner: broken[name]() };
    expect(() => checkLaw(name, wrong)).toThrow(`law "${name}": `);
  });

  it.each(lawNames)("is the only reason to fail: %s", (name) => {
    expect(() => checkLaw(name, subject)).not.toThrow();
  });
});
