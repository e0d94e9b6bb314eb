/** Survey: the rows of every class, part by part, before a stratified split can say which rows train. Jobs without `split.stratify` have no such round. */
import type { Column } from "../../data/columns.ts";
import { labelColumn, MAX_CLASSES, missingLabels, tooManyClasses } from "../parts/labels.ts";
import { countStrata } from "../parts/split.ts";
import type { PartClasses } from "../parts/strata.ts";
import type { Phase } from "../phase.ts";

export interface SurveyAsk {
  readonly testFromRow: number | null;
}

export const surveyPhase: Phase<SurveyAsk, PartClasses[]> = {
  ask: ({ survey, dataset }) => {
    if (survey !== null || dataset === null) return null;
    return { units: [...Array(dataset.parts).keys()], ask: { testFromRow: dataset.testFromRow } };
  },
  empty: () => [],
  map: async (into, part, { testFromRow }, context) => {
    const { job } = context.plan;
    const { table, firstRow } = await context.table(part);
    const { texts, places } = classPlaces(labelColumn(table, job), job.label.column);
    const place = { firstRow, rows: table.rows, table };
    const counts = countStrata(
      place,
      job.split,
      missingLabels(table, job),
      places,
      texts.length,
      testFromRow === null ? {} : { testFirstRow: testFromRow },
    );
    const found = texts.flatMap((text, k) => (counts[k] > 0 ? [{ text, rows: counts[k] }] : []));
    into.push({ part, classes: found.map(({ text }) => text), rows: found.map(({ rows }) => rows) });
  },
  merge: (into, other) => {
    into.push(...other);
  },
  step: (merged, _ask, state) => ({ ...state, survey: merged }),
};

/** The class of each row as a place in a list of texts, in an order of this part's own. */
function classPlaces(column: Column, name: string): { texts: readonly string[]; places: ArrayLike<number> } {
  if (column.type === "string") return { texts: column.dictionary, places: column.codes };
  const known = new Map<number, number>();
  const places = new Uint32Array(column.values.length);
  column.values.forEach((value, i) => {
    let place = known.get(value);
    if (place === undefined) {
      if (known.size === MAX_CLASSES) throw tooManyClasses(name);
      place = known.size;
      known.set(value, place);
    }
    places[i] = place;
  });
  return { texts: [...known.keys()].map(String), places };
}
