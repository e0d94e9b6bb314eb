/**
 * The laws that every learner keeps (design, section 6). Each is a function that throws when the subject breaks it; `checkLaw` puts the
 * law's name before the reason. Learners run over parts in memory and the merge tree of the engine.
 */
import * as z from "zod";
import { hashRow } from "../../src/kernels/hash.ts";
import { type LearnerName, learnerParams } from "../../src/learners/params.ts";
import type { LearnerAny } from "../../src/learners/registry.ts";
import { decode, encode } from "../../src/rounds/codec.ts";
import { candidateOf, inOneTask, run } from "../helpers/fit.ts";
import { type MemoryTable, memoryParts } from "../helpers/memory-part.ts";
import {
  ALL,
  byRanges,
  candidates,
  expectedOf,
  forgetting,
  hex,
  inTasks,
  must,
  outcome,
  PART_ROWS,
  partsOf,
  predictions,
  type Subject,
  same,
  shuffled,
  travelling,
  twiceAndBackwards,
  watched,
} from "./harness.ts";

type Law = (subject: Subject) => void;

/** A run over a table that lacks something ends in finite predictions or in an error with one of our names. */
function endsWell(subject: Subject, table: MemoryTable, what: string): void {
  for (const params of subject.settings) {
    const parts = memoryParts(table, PART_ROWS, 16);
    try {
      const { learner, view, classes } = subject;
      const of = [candidateOf(learner, parts, { view, classes, params, trainFolds: ALL })];
      const model = learner.model(run(learner, parts, of).states[0]);
      const predicted = predictions(subject, model, Math.max(1, classes.length));
      must(
        predicted.every(Number.isFinite),
        `${what} must end in finite predictions or a named error, got ${predicted.find((p) => !Number.isFinite(p))}`,
      );
    } catch (error) {
      const name = error instanceof Error ? error.name : String(error);
      must(["InputError", "NumericError"].includes(name), `${what} must end in finite predictions or a named error, got ${error}`);
    }
  }
}

const rowsWhere = (table: MemoryTable, keep: (row: number) => boolean): MemoryTable => {
  const pick = <T>(values: readonly T[]): T[] => values.filter((_, i) => keep(i));
  return {
    columns: Object.fromEntries(Object.entries(table.columns).map(([name, values]) => [name, pick(values)])),
    label: pick(table.label),
    weight: table.weight && pick(table.weight),
    fold: table.fold && pick(table.fold),
  };
};

const withColumn = (table: MemoryTable, name: string, value: (row: number) => number): MemoryTable => ({
  ...table,
  columns: { ...table.columns, [name]: table.label.map((_, row) => value(row)) },
});

/** Values just outside each parameter's range, as its JSON schema states it, with the rest at their defaults. */
export function outOfRange(schema: z.ZodType): Record<string, unknown>[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" }) as { properties?: Record<string, Record<string, unknown>> };
  const bad: Record<string, unknown>[] = [{ thereIsNoSuchParameter: 1 }];
  for (const [name, rule] of Object.entries(properties)) {
    const wrong: unknown[] = [];
    const integer = rule.type === "integer";
    if (rule.type === "number" || integer) {
      wrong.push("1", Number.NaN, Number.POSITIVE_INFINITY);
      if (typeof rule.minimum === "number") wrong.push(integer ? rule.minimum - 1 : rule.minimum - 1e-9);
      if (typeof rule.maximum === "number" && rule.maximum < 2 ** 50) wrong.push(integer ? rule.maximum + 1 : rule.maximum + 1e-9);
      if (typeof rule.exclusiveMinimum === "number") wrong.push(rule.exclusiveMinimum);
      if (integer) wrong.push(1.5);
    } else if (rule.type === "boolean") wrong.push("true", 1);
    else wrong.push("no such choice", 3);
    for (const value of wrong) bad.push({ [name]: value });
  }
  return bad;
}

function near(values: readonly number[], known: readonly number[], tolerance: number, what: string): void {
  values.forEach((value, i) => {
    const close = Math.abs(value - known[i]) <= tolerance * Math.max(1, Math.abs(known[i]));
    must(close, `${what} must be within ${tolerance}, got ${value} for ${known[i]}`);
  });
}

const laws = {
  "merging with empty changes nothing": (subject) => {
    const parts = partsOf(subject);
    run(subject.learner, parts, candidates(subject, parts), (learner, work, all) => {
      const merged = inOneTask(learner, work, all);
      const before = hex(encode(merged));
      learner.merge(merged, learner.empty(work.ask));
      must(hex(encode(merged)) === before, "a statistic merged with empty must stay the same, got another");
      const started = learner.empty(work.ask);
      learner.merge(started, merged);
      must(hex(encode(started)) === before, "empty merged with a statistic must be that statistic, got another");
      return merged;
    });
  },
  "the same job gives the same bytes": (subject) => same(expectedOf(subject), outcome(subject), "a second run"),
  "any number of functions gives the same bytes": (subject) => {
    const one = expectedOf(subject);
    for (const tasks of [2, 3, 7, 64]) same(one, outcome(subject, partsOf(subject), inTasks(tasks)), `${tasks} functions`);
  },
  "other parts give the same answer": (subject) => {
    const answers = [partsOf(subject), partsOf(subject, 7), partsOf(subject, 1_000_000)].map((parts) => {
      const { states } = run(subject.learner, parts, candidates(subject, parts));
      return states.map((state) => predictions(subject, subject.learner.model(state), Math.max(1, subject.classes.length)));
    });
    for (const other of answers.slice(1))
      other.forEach((predicted, candidate) => {
        near(predicted, answers[0][candidate], subject.otherParts, "predictions from other parts");
      });
  },
  "kept rows and new ones give what all of them give": (subject) => {
    const { learner, view, classes, settings, otherParts } = subject;
    const { keep } = learner;
    if (keep === undefined) return;
    const parts = partsOf(subject);
    const of = (trainFolds: readonly number[]) =>
      settings.map((params, id) => candidateOf(learner, parts, { view, classes, params, trainFolds, id }));
    const predicted = (states: readonly unknown[]) =>
      states.map((state) => predictions(subject, learner.model(state), Math.max(1, classes.length)));
    const all = predicted(run(learner, parts, of(ALL)).states);
    for (const [before, after] of [
      [[0], [1, 2]],
      [[1, 2], [0]],
    ] as const) {
      const kept = run(learner, parts, of(before)).states.map((state) => decode(encode(keep(state))));
      predicted(run(learner, parts, of(after), inOneTask, kept).states).forEach((values, candidate) => {
        near(values, all[candidate], otherParts, "predictions after an update");
      });
    }
  },
  "a task run twice, late or out of order changes nothing": (subject) =>
    same(expectedOf(subject), outcome(subject, partsOf(subject), twiceAndBackwards), "repeated tasks"),
  "a candidate alone equals itself in company": (subject) => {
    const parts = partsOf(subject);
    const all = candidates(subject, parts);
    const alone = all.flatMap((candidate) => outcome(subject, parts, inOneTask, [candidate]));
    same(expectedOf(subject), alone, "a candidate alone");
  },
  "everything survives encode and decode": (subject) => {
    const { learner } = subject;
    const step: LearnerAny["step"] = (merged, ask, active) =>
      decode(encode(learner.step(merged, decode(encode(ask)), decode(encode(active)))));
    const model: LearnerAny["model"] = (state) => decode(encode(learner.model(state)));
    same(
      expectedOf(subject),
      outcome({ ...subject, learner: { ...learner, step, model } }, partsOf(subject), travelling),
      "travelling through the codec",
    );
  },
  "carries may be lost at any round": (subject) => {
    const expected = expectedOf(subject);
    for (const [what, loses] of [
      ["one part's carry at every round", (round: number, part: number) => part === round % 3],
      ["all carries at every round", () => true],
      ["carries here and there", (round: number, part: number) => hashRow(round, part) % 4 === 0],
    ] as const)
      same(expected, outcome(subject, partsOf(subject), forgetting(loses)), `without ${what}`);
  },
  "what a process holds beside its states may be lost at any round": (subject) => {
    const { learner } = subject;
    const expected = expectedOf(subject);
    for (const every of [1, 3]) {
      let round = 0;
      const step: LearnerAny["step"] = (merged, ask, active) =>
        learner.step(merged, ask, round++ % every === 0 ? decode(encode(active)) : active);
      same(expected, outcome({ ...subject, learner: { ...learner, step } }), `states read again at one round of ${every}`);
    }
  },
  "sums of any order merge in any order": (subject) => {
    const expected = expectedOf(subject);
    for (const seed of [1, 2]) same(expected, outcome(subject, partsOf(subject), shuffled(100 * seed)), "another order");
  },
  "ranges give the bytes of whole statistics": (subject) => {
    const { learner } = subject;
    if (learner.ranges === undefined) return;
    const parts = partsOf(subject);
    const expected = expectedOf(subject);
    for (const ranges of [2, subject.view.columns.length]) {
      const of = candidates(subject, parts).map((candidate) => ({ ...candidate, ranges }));
      const got = outcome(
        subject,
        parts,
        byRanges(() => false),
        of,
      );
      same(expected, got, `${ranges} ranges`);
      const lossy = byRanges((round, range) => hashRow(round, range) % 3 === 0);
      same(expected, outcome(subject, partsOf(subject), lossy, of), `${ranges} ranges that lose what they kept`);
    }
  },
  "inputs are unchanged": (subject) => {
    const { learner } = subject;
    const parts = partsOf(subject);
    const step: LearnerAny["step"] = (merged, ask, active) => {
      const before = hex(encode([ask, active]));
      const turns = learner.step(merged, ask, active);
      must(hex(encode([ask, active])) === before, "step must leave ask and states as they were, got others");
      return turns;
    };
    const of = candidates(subject, parts);
    const asked = hex(encode(of));
    run({ ...learner, step }, parts, of, watched);
    must(hex(encode(of)) === asked, "a run must leave its candidates as they were, got others");
  },
  "no rows end in a stated result or a named error": (subject) =>
    endsWell(
      subject,
      rowsWhere(subject.table, () => false),
      "no rows",
    ),
  "one row ends in a stated result or a named error": (subject) =>
    endsWell(
      subject,
      rowsWhere(subject.table, (row) => row === 3),
      "one row",
    ),
  "a constant column ends in a stated result or a named error": (subject) => {
    // Not a float64: its mean over rows is off by a rounding.
    const source = subject.view.columns[0].source;
    endsWell(
      subject,
      withColumn(subject.table, source, () => 0.1),
      "a constant column",
    );
  },
  "missing values end in a stated result or a named error": (subject) => {
    const source = subject.view.columns[0].source;
    const holes = withColumn(subject.table, source, (row) => (row % 9 === 4 ? Number.NaN : (subject.table.columns[source][row] as number)));
    endsWell(subject, holes, "missing values");
  },
  "every parameter just outside its range is refused": ({ learner, schema = learnerParams[learner.name as LearnerName] }) => {
    must(schema.safeParse({}).success, "no parameters at all must be accepted");
    for (const params of outOfRange(schema)) {
      must(!schema.safeParse(params).success, `params ${JSON.stringify(params)} must be refused, got accepted`);
    }
  },
  "settled parameters are what was trained with": (subject) => {
    const { learner, classes } = subject;
    const settled = subject.settings.map((params) => learner.settled?.(params, classes.length) ?? params);
    settled.forEach((params, s) => {
      const again = learner.settled?.(params, classes.length) ?? params;
      must(JSON.stringify(again) === JSON.stringify(params), `settled parameters must leave nothing open, got another of setting ${s}`);
    });
    const isOpen = settled.map((params, s) => JSON.stringify(params) !== JSON.stringify(subject.settings[s]));
    const those = (settings: readonly Record<string, unknown>[]): Subject => ({
      ...subject,
      settings: settings.filter((_, s) => isOpen[s]),
    });
    same(outcome(those(settled)), outcome(those(subject.settings)), "settled parameters");
  },
  "measured bytes stay under cost": (subject) => {
    const { learner } = subject;
    const parts = partsOf(subject);
    const of = candidates(subject, parts);
    for (const candidate of of) {
      const { statisticBytes, stateBytes } = learner.cost(candidate.shape, candidate.params);
      // A search asks for each fold apart: its candidates together are what the cost of each adds up to.
      const room = candidate.fold === null ? 1 : candidate.trainFolds.length + 1;
      const { states } = run(learner, parts, [candidate], (which, work, all) => {
        const merged = inOneTask(which, work, all);
        const bytes = encode(merged).length;
        must(bytes <= room * statisticBytes, `a statistic must have at most ${room} x ${statisticBytes} bytes, got ${bytes}`);
        return merged;
      });
      const bytes = encode(states[0]).length - encode(candidate).length;
      must(bytes <= stateBytes, `a state must have at most ${stateBytes} bytes, got ${bytes}`);
    }
  },
} satisfies Record<string, Law>;

export type LawName = keyof typeof laws;
export const lawNames = Object.keys(laws) as LawName[];

/** Throws `law "<name>": <why>` when the subject breaks it. */
export function checkLaw(name: LawName, subject: Subject): void {
  try {
    laws[name](subject);
  } catch (error) {
    throw new Error(`law "${name}": ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
