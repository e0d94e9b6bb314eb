/** The table of a search: every setting, best first, the winner marked, and the constant prediction below them. */
import { canonicalMetric, largerIsBetter } from "../evaluation/names.ts";
import type { SearchJson } from "../model/format.ts";
import { table } from "./table.ts";
import { figure, plural, printable } from "./text.ts";

/** The table under its title. */
export const searchSection = (search: SearchJson, limit?: number): string[] => [
  `Search: mean and deviation of ${search.metric} over ${search.folds} folds`,
  ...searchLines(search, limit),
];

/** `limit` settings at most; a sentence says how many were left out. */
export function searchLines(search: SearchJson, limit = Number.POSITIVE_INFINITY): string[] {
  const { metric, settings, baseline } = search;
  const names = varying(settings.map(({ params }) => params));
  const winner = settings.find(({ params }) => sameSetting(params, search.winner));
  const canonical = canonicalMetric(metric);
  const sign = canonical !== undefined && largerIsBetter(canonical) ? -1 : 1;
  // The sort is stable: the winner is the first of equally good ones, here as in the selection.
  const sorted = [...settings].sort((a, b) =>
    a.mean === null || b.mean === null ? Number(a.mean === null) - Number(b.mean === null) : sign * (a.mean - b.mean),
  );
  const rows = sorted
    .slice(0, limit)
    .map((setting) => [
      setting === winner ? "*" : "",
      ...names.map((name) => value(setting.params[name])),
      figure(setting.mean),
      setting.standardDeviation === null ? "" : `± ${figure(setting.standardDeviation)}`,
    ]);
  const blank = names.map(() => "");
  const head = ["", ...names, metric, ""];
  const constant = ["", ...blank.with(0, "baseline"), figure(baseline), ""];
  const lines = table([head, ...rows, constant], `l${"l".repeat(names.length)}rl`);
  const more = sorted.length - rows.length;
  return more > 0 ? [...lines, `  (and ${plural(more, "setting")} below those shown, in model.json)`] : lines;
}

/** Parameters that differ between settings; the first one where none does. */
function varying(params: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = [...new Set(params.flatMap(Object.keys))];
  const found = names.filter((name) => params.some((setting) => value(setting[name]) !== value(params[0][name])));
  return found.length > 0 ? found : names.slice(0, 1);
}

function value(of: unknown): string {
  if (typeof of === "number") return String(Number(of.toPrecision(4)));
  if (typeof of === "string") return printable(of);
  return of === undefined ? "" : printable(JSON.stringify(of));
}

const sameSetting = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean =>
  Object.keys({ ...a, ...b }).every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
