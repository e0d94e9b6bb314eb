/** The table of a row: times side by side, and the ratio of each repeat, whose two runs stood next to each other. */
import type { Run } from "./contestants.ts";
import { NOISE } from "./measure.ts";
import type { Peer, Row } from "./rows.ts";

export interface Result {
  readonly row: Row;
  readonly ours: readonly Run[];
  readonly peers: readonly { readonly peer: Peer; readonly runs: readonly Run[] }[];
}

export function resultText(result: Result): string {
  const { row, ours, peers } = result;
  const lines = [["", "median s", "spread", "process CPU s", "times steplearn", "spread", "goal", ""], timing("steplearn", ours, [])];
  for (const { peer, runs } of peers) lines.push(timing(peer.name, runs, ratioCells(peer, ratios(runs, ours))));
  return [`${row.name}: ${row.title}`, aligned(lines), ...quality(result), ...noise(result), ""].join("\n");
}

/** How many times as long the peer took in each repeat. */
export const ratios = (peer: readonly Run[], ours: readonly Run[]): number[] => peer.map(({ seconds }, i) => seconds / ours[i].seconds);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function timing(name: string, runs: readonly Run[], rest: readonly string[]): string[] {
  const seconds = runs.map((run) => run.seconds);
  return [name, median(seconds).toFixed(2), spread(seconds), median(runs.map((run) => run.cpuSeconds)).toFixed(1), ...rest];
}

function ratioCells({ goal }: Peer, values: readonly number[]): string[] {
  const ratio = median(values);
  const verdict = goal === undefined ? ["", ""] : [goal.toFixed(1), ratio >= goal ? "reached" : "missed"];
  return [ratio.toFixed(2), spread(values), ...verdict];
}

const spread = (values: readonly number[]): string =>
  values.length === 1 ? "one run" : `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;

/** Left column to the left, numbers to the right. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, j) => Math.max(...lines.map((line) => (line[j] ?? "").length)));
  const cell = (text: string, j: number): string => (j === 0 ? text.padEnd(widths[j]) : text.padStart(widths[j]));
  return lines.map((line) => `  ${line.map(cell).join("  ")}`.trimEnd()).join("\n");
}

function quality({ row, ours, peers }: Result): string[] {
  if (row.quality === null) return [];
  const { metric, slack } = row.quality;
  const own = ours[0].metrics[metric];
  const others = peers
    .map(({ peer, runs }) => ({ name: peer.name, value: runs[0].metrics[metric] ?? null }))
    .filter(({ value }) => value !== null);
  const shown = others.map(({ name, value }) => `${name} ${value?.toPrecision(10)}`);
  const sign = metric === "auc" ? 1 : -1;
  const best = Math.max(...others.map(({ value }) => sign * Number(value)));
  const verdict = own != null && sign * own >= best - slack ? "as good" : "WORSE";
  return [`  ${metric}: steplearn ${own?.toPrecision(10)}, ${shown.join(", ")}: ${verdict} (slack ${slack})`];
}

function noise({ ours, peers }: Result): string[] {
  const worst = Math.max(...[ours, ...peers.map(({ runs }) => runs)].flat().map(({ othersCores }) => othersCores));
  return worst <= NOISE ? [] : [`  NOISY: other processes took up to ${worst.toFixed(2)} cores; repeat it on a quiet machine`];
}
