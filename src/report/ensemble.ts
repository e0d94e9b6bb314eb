/** What a training report and `steplearn show` tell of a model of trees as a whole: how many, and which columns matter to them. */
import type { OutOfBagScore } from "../learners/forest/out-of-bag.ts";
import type { ModelJson } from "../model/format.ts";
import { table } from "./table.ts";
import { count, figure, plural, printable } from "./text.ts";

/** How many there are, of how many, and their out-of-bag score; null for a model without trees. */
export function treesText(model: ModelJson): string | null {
  const { trees, leaves, parameters, label, from } = model;
  if (typeof trees !== "number" || typeof leaves !== "number") return null;
  const asked = Number(parameters.trees) * (label.classes.length > 2 ? label.classes.length : 1);
  const isStopped = parameters.earlyStoppingRounds !== undefined && from === undefined && trees < asked;
  const found = `${plural(trees, "tree")} with ${plural(leaves, "leaf", "leaves")}`;
  return isStopped ? `${found}, the best of at most ${count(asked)} on the rows held out for early stopping` : found + outOfBagText(model);
}

function outOfBagText({ outOfBag }: ModelJson): string {
  if (outOfBag === undefined) return "";
  const { rows, ...score } = outOfBag as OutOfBagScore;
  const figures = Object.entries(score).map(([name, value]) => `${name} ${figure(value)}`);
  return `; out of bag ${figures.join(", ")} on ${plural(rows, "row")}`;
}

/** Title of the lines below. */
export const IMPORTANCES = "Importances: share of the gain, and splits";

/** Lines for a model of trees; none for others. */
export function importanceLines({ importances }: ModelJson, limit: number): string[] {
  const { gain, split } = (importances ?? {}) as { gain?: Record<string, number>; split?: Record<string, number> };
  if (gain === undefined || split === undefined) return [];
  const names = Object.keys(gain);
  const rows = names.slice(0, limit).map((name) => [printable(name), figure(gain[name]), count(split[name])]);
  const lines = table([["", "gain", "splits"], ...rows], "lrr");
  return names.length > limit ? [...lines, `  (and ${plural(names.length - limit, "column")} more)`] : lines;
}
