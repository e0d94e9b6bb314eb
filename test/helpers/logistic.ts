/** Tables with labels drawn from a logistic model, and how to judge what is fitted to them from the definition. */
import { expect } from "vitest";
import { hashRow } from "../../src/kernels/hash.ts";
import { logisticRegression } from "../../src/learners/logistic/logistic-regression.ts";
import type { LogisticModel } from "../../src/learners/logistic/model.ts";
import { type FitOptions, fitOne } from "./fit.ts";
import { type MemoryTable, memoryParts, plainView } from "./memory-part.ts";

export const uniform = (row: number, stream: number): number => hashRow(stream, row) / 2 ** 32;

/** Labels drawn from a multinomial model by Gumbel's trick; class 0 has margin 0. */
export function drawn(rows: number, classes = 2, columns = 3): MemoryTable {
  const all = Array.from({ length: rows }, (_, i) => i);
  const names = Array.from({ length: columns }, (_, j) => `x${j}`);
  const values = Object.fromEntries(
    names.map((name, j) => [name, all.map((i) => 10 * j + (1 + j) * (uniform(i, j) + uniform(i, 100 + j) - 1))]),
  );
  const label = all.map((i) => {
    const margins = Array.from({ length: classes }, (_, k) =>
      k === 0 ? 0 : 0.3 * k + names.reduce((sum, name, j) => sum + ((values[name][i] - 10 * j) / (1 + j)) * (((j + k) % 3) - 1.2), 0),
    );
    const noisy = margins.map((margin, k) => margin - Math.log(-Math.log(uniform(i, 200 + k) + 1e-12)));
    return noisy.indexOf(Math.max(...noisy));
  });
  return { columns: values, label, weight: all.map((i) => [1, 2, 0.5, 0][i % 4]) };
}

export const names = (classes: number): string[] => Array.from({ length: classes }, (_, k) => `class ${k}`);

export function fitted(table: MemoryTable, options: Partial<FitOptions> = {}, partRows = 300): LogisticModel {
  return fitOne<LogisticModel>(logisticRegression, memoryParts(table, partRows), {
    view: plainView(...Object.keys(table.columns)),
    classes: names(2),
    ...options,
  });
}

/** Mean log-loss and its gradient by column and class, straight from the definition; the model's own source coefficients. */
export function judge(table: MemoryTable, model: LogisticModel, factors?: readonly number[]): { loss: number; slopes: number[][] } {
  const columns = Object.values(table.columns) as number[][];
  const lines = model.source.length === 1 ? [{ coefficients: columns.map(() => 0), intercept: 0 }, model.source[0]] : model.source;
  const slopes = lines.map(() => new Array(columns.length + 1).fill(0));
  let [loss, total] = [0, 0];
  table.label.forEach((y, i) => {
    const w = (table.weight?.[i] ?? 1) * (factors?.[y] ?? 1);
    const margins = lines.map(({ coefficients, intercept }) => coefficients.reduce((sum, c, j) => sum + c * columns[j][i], intercept));
    const most = Math.max(...margins);
    const sum = margins.reduce((s, margin) => s + Math.exp(margin - most), 0);
    loss += w * (most + Math.log(sum) - margins[y]);
    total += w;
    margins.forEach((margin, k) => {
      const r = w * (Math.exp(margin - most) / sum - (y === k ? 1 : 0));
      columns.forEach((column, j) => {
        slopes[k][j] += r * column[i];
      });
      slopes[k][columns.length] += r;
    });
  });
  return { loss: loss / total, slopes: slopes.map((line) => line.map((value) => value / total)) };
}

/** Population deviations of the weighted columns. */
export function deviations(table: MemoryTable): number[] {
  const w = table.weight ?? table.label.map(() => 1);
  const total = w.reduce((a, b) => a + b, 0);
  return (Object.values(table.columns) as number[][]).map((column) => {
    const mean = column.reduce((sum, x, i) => sum + w[i] * x, 0) / total;
    return Math.sqrt(column.reduce((sum, x, i) => sum + w[i] * (x - mean) ** 2, 0) / total);
  });
}

/** Optimality of loss + regParam (share |v|_1 + (1 - share)/2 |v|^2) in every coefficient; slopes are of order 1. */
export function expectOptimal(
  table: MemoryTable,
  model: LogisticModel,
  regParam: number,
  share: number,
  options: { standardise?: boolean; factors?: readonly number[]; room?: number } = {},
): void {
  const { standardise = true, factors, room = 1e-6 } = options;
  const scale = deviations(table).map((deviation) => (standardise ? deviation : 1));
  const { slopes } = judge(table, model, factors);
  const lines = model.source.length === 1 ? slopes.slice(1) : slopes;
  lines.forEach((line, k) => {
    model.source[k].coefficients.forEach((c, j) => {
      const l1 = regParam * share * scale[j];
      const smooth = line[j] + regParam * (1 - share) * scale[j] ** 2 * c;
      if (c === 0) expect(Math.abs(smooth)).toBeLessThanOrEqual(l1 + room * scale[j]);
      else expect(Math.abs(smooth + l1 * Math.sign(c))).toBeLessThanOrEqual(room * Math.max(1, 10 * j));
    });
    expect(Math.abs(line.at(-1) as number)).toBeLessThan(room);
  });
}
