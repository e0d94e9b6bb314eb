/** Each law catches a learner that breaks it, by the law's name. */
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Carry } from "../../src/learners/learner.ts";
import { type LearnerAny, learners } from "../../src/learners/registry.ts";
import type { Subject } from "./harness.ts";
import { subjects } from "./subjects.ts";
import { checkLaw, type LawName, lawNames } from "./suite.ts";

const sound = learners.linearRegression;
const [subject] = subjects.linearRegression;

// biome-ignore lint/suspicious/noExplicitAny: broken learners reach into statistics and models of the sound one
type Any = any;

const boosted: LearnerAny = learners.gradientBoostingRegressor;
const [boostedSubject] = subjects.gradientBoostingRegressor;
/** By one setting, whose rows are not counted and so do not travel: the sound learner keeps the laws by all of them in e2e/slow/laws.test.ts. */
const trees: Subject = { ...boostedSubject, settings: boostedSubject.settings.slice(2, 3) };
/** Laws that the sound learner keeps for want of what they are about. */
const ofTrees: readonly LawName[] = [
  "carries may be lost at any round",
  "sums of any order merge in any order",
  "ranges give the bytes of whole statistics",
];
const trusting = (carry: Carry, stamp: string): Carry => {
  if (carry.stamp === "") carry.stamp = stamp;
  return carry;
};

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
  "carries may be lost at any round": () => ({
    ...boosted,
    // Takes an empty carry for the one that it left.
    map: (into, part, ask: Any) =>
      boosted.map(
        into,
        { ...part, heap: part.heap, carry: (name, bytes) => trusting(part.carry(name, bytes), ask.questions[0].body.before) },
        ask,
      ),
  }),
  "what a process holds beside its states may be lost at any round": () => {
    const known = new WeakSet<object>();
    let lost = 0;
    const know = (state: Any): Any => {
      known.add(state);
      return state;
    };
    return {
      ...sound,
      start: (candidate, kept) => know(sound.start(candidate, kept)),
      step: (merged, ask, active) => {
        for (const state of active) if (!known.has(state as object)) lost++;
        return sound.step(merged, ask, active).map((turn: Any) => ({ ...turn, state: know(turn.state) }));
      },
      model: (state: Any) => moved(sound.model(state), lost),
    };
  },
  "sums of any order merge in any order": () => ({
    ...boosted,
    merge(into: Any, other: Any) {
      boosted.merge(into, other);
      for (const { histogram } of into.answers) if (histogram?.length > 0) histogram[0] *= 1 + 1e-3;
      for (const { whole } of into.answers) for (const { pairs } of whole ?? []) if (pairs.length > 0) pairs[0] *= 1 + 1e-3;
    },
  }),
  "ranges give the bytes of whole statistics": () => ({
    ...boosted,
    ranges: {
      ...boosted.ranges,
      conclude: (sums: Any, ask: Any, range: Any, kept: Any) => {
        const concluded = (boosted.ranges as Any).conclude(sums, ask, range, kept);
        for (const { found } of concluded.statistic.answers) if (found.length > 0) found[0].split = null;
        return concluded;
      },
    } as Any,
  }),
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
  // Its parameters are no part of it: `loose`.
  "every parameter just outside its range is refused": () => sound,
  "settled parameters are what was trained with": () => ({ ...sound, settled: (params) => ({ ...params, regParam: 1 }) }),
  "measured bytes stay under cost": () => ({
    ...sound,
    cost: (shape, params) => ({ ...sound.cost(shape, params), statisticBytes: 8 * shape.columns }),
  }),
};

const loose: Pick<Subject, "schema"> = { schema: z.strictObject({ regParam: z.number().min(0).default(0), tol: z.any() }) };

describe("a broken learner", () => {
  it.each(lawNames)("fails: %s", (name) => {
    const wrong: Subject = {
      ...(ofTrees.includes(name) ? trees : subject),
      ...(name.startsWith("every parameter") && loose),
      learner: broken[name](),
    };
    expect(() => checkLaw(name, wrong)).toThrow(`law "${name}": `);
  });

  it.each(lawNames)("is the only reason to fail: %s", (name) => {
    expect(() => checkLaw(name, ofTrees.includes(name) ? trees : subject)).not.toThrow();
  });
});
