/** What a job trains: one setting on all training rows, or every different setting of a search on every fold. */
import type { Job } from "../job/job.ts";
import type { Setting } from "./search.ts";

/** One training: a setting without one fold, or on all training rows (`fold` null). Views and classes come with the data. */
export interface Trial {
  readonly id: number;
  /** Index into `Search.settings`. */
  readonly setting: number;
  readonly params: Setting;
  readonly fold: number | null;
  /** Folds that it trains on, ascending. */
  readonly trainFolds: readonly number[];
}

export interface Search {
  /** 1 without a search. */
  readonly folds: number;
  /** All parameters of each setting as asked. */
  readonly asked: readonly Setting[];
  /** Those that differ in effect, in the order in which they first occur. */
  readonly settings: readonly Setting[];
  /** Index into `settings` of each one asked. */
  readonly settingOf: readonly number[];
}

/** The settings of a job, those with the same effect trained once. */
export function searchOf({ model, tune }: Pick<Job, "model" | "tune">): Search {
  const asked = (tune?.grid ?? [{}]).map((setting) => ({ ...model.params, ...setting }));
  const settings: Setting[] = [];
  const indexOf = new Map<string, number>();
  const settingOf = asked.map((setting) => {
    const key = effect(setting);
    const index = indexOf.get(key) ?? settings.push(setting) - 1;
    indexOf.set(key, index);
    return index;
  });
  return { folds: tune?.folds ?? 1, asked, settings, settingOf };
}

/** Every setting on every fold, by setting and then by fold; ids count from 0. Without a search: the one final training. */
export function trialsOf(search: Search): Trial[] {
  if (search.folds === 1) return search.settings.map((_, setting) => finalTrial(search, setting, setting));
  return search.settings.flatMap((params, setting) =>
    Array.from({ length: search.folds }, (_, fold) => ({
      id: setting * search.folds + fold,
      setting,
      params,
      fold,
      trainFolds: foldNumbers(search).filter((other) => other !== fold),
    })),
  );
}

/** A setting on all training rows. */
export const finalTrial = (search: Search, setting: number, id: number): Trial => ({
  id,
  setting,
  params: search.settings[setting],
  fold: null,
  trainFolds: foldNumbers(search),
});

const foldNumbers = ({ folds }: Search): number[] => Array.from({ length: folds }, (_, fold) => fold);

/** Equal texts for settings of equal effect: keys in order, and without a penalty its kind does not count. */
function effect(setting: Setting): string {
  const { elasticNetParam, ...rest } = setting;
  return canonical(setting.regParam === 0 ? rest : { ...rest, elasticNetParam });
}

function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join()}}`;
}
