/** What a model learned, in a table of names and effects. */
import type { ModelJson } from "../model/format.ts";
import { type Effect, type Effects, effectsOf, largest } from "./effects.ts";
import { table } from "./table.ts";
import { figure, plural, printable, signed } from "./text.ts";

/** Lines of a model with many classes do not fit beside one another. */
const MAX_LINES = 6;

/** The largest effects, `limit` at most; null where the model has no coefficients. */
export function learnedLines(model: ModelJson, limit: number): { readonly title: string; readonly lines: readonly string[] } | null {
  const effects = effectsOf(model);
  if (effects === null) return null;
  const ranked = largest(effects);
  const shown = ranked.slice(0, limit);
  const wide = effects.lines.length > MAX_LINES;
  const lines =
    shown.length === 0
      ? [`  nothing: every row gets the prediction of the intercept, ${effects.intercepts.map(figure).join(", ")}`]
      : rowsOf(effects, shown, wide);
  const rest = ranked.length - shown.length;
  return { title: titleOf(model, effects, wide), lines: rest > 0 ? [...lines, `  (and ${plural(rest, "column")} more)`] : lines };
}

function rowsOf({ lines }: Effects, shown: readonly Effect[], wide: boolean): string[] {
  if (lines.length === 1)
    return table(
      shown.map(({ name, effects }) => [printable(name), signed(effects[0])]),
      "lr",
    );
  if (!wide) {
    const rows = shown.map(({ name, effects }) => [printable(name), ...effects.map(signed)]);
    return table([["", ...lines.map((line) => printable(line, 16))], ...rows], `l${"r".repeat(lines.length)}`);
  }
  return table(
    shown.map(({ name, effects }) => {
      const most = effects.reduce((best, effect, k) => (Math.abs(effect) > Math.abs(effects[best]) ? k : best), 0);
      return [printable(name), signed(effects[most]), printable(lines[most], 16)];
    }),
    "lrl",
  );
}

function titleOf({ task, label }: ModelJson, { comparable }: Effects, wide: boolean): string {
  const target = printable(label.column);
  const what =
    task === "regression"
      ? `change of ${target}`
      : task === "binary"
        ? `change of the log-odds of ${target} = ${printable(label.classes[1])}`
        : "change of the score of each class";
  const of = wide ? " (the class it moves most)" : "";
  return comparable
    ? `largest effects: ${what}${of} per standard deviation of a number, or for having a category`
    : `coefficients: ${what}${of} per unit of the column`;
}

/** Every coefficient by name, in the units of the data, with its effect and, where it is known, its standard error. */
export function coefficientLines(model: ModelJson, limit: number): string[] {
  const effects = effectsOf(model);
  if (effects === null) return [];
  const { lines, intercepts, columns } = effects;
  const shown = columns.slice(0, limit);
  const more = columns.length - shown.length;
  const rows =
    lines.length === 1
      ? oneLine(effects, shown)
      : [
          ["", ...lines.map((line) => printable(line, 16))],
          ["intercept", ...intercepts.map(figure)],
          ...shown.map(({ name, coefficients }) => [printable(name), ...coefficients.map(figure)]),
        ];
  const found = table(rows, `l${"r".repeat(rows[0].length - 1)}`);
  return more > 0 ? [...found, `  (and ${plural(more, "column")} more, in model.json)`] : found;
}

function oneLine({ intercepts, columns, comparable }: Effects, shown: readonly Effect[]): string[][] {
  const known = columns.some(({ standardError }) => standardError !== null);
  const row = (name: string, coefficient: string, error: string, effect: string): string[] => [
    name,
    coefficient,
    ...(known ? [error] : []),
    ...(comparable ? [effect] : []),
  ];
  return [
    row("", "coefficient", "std. error", "effect"),
    row("intercept", figure(intercepts[0]), "", ""),
    ...shown.map(({ name, coefficients, effects, standardError }) =>
      row(printable(name), figure(coefficients[0]), figure(standardError), signed(effects[0])),
    ),
  ];
}
