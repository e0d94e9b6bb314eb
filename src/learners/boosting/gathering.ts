/** The histograms of a statistic in kernel memory while parts are mapped, and what leads their rows there. */
import { float64, type Kernels } from "../../kernels/kernels.ts";
import type { Part } from "../learner.ts";
import type { GrowAnswer } from "./answer.ts";
import type { GrowBody, Quanta } from "./body.ts";
import { countBits, MOST_COUNTED, type Step } from "./derive.ts";
import type { Layout } from "./growing/layout.ts";
import { placeOffsets, placeQueues, placeRoutes, queuesBytes, routeBytes, scratchBytes } from "./growing/routes.ts";

export interface Gathering {
  readonly part: Part;
  readonly address: number;
  readonly places: number;
  readonly layout: Layout;
  readonly quanta: Quanta;
  readonly lines: readonly Leads[];
  readonly offsets: number;
  readonly scratch: number;
}

/** Of one line: addresses of routes and of queues. */
interface Leads {
  readonly routes: number;
  readonly queues: number;
  readonly nodes: number;
  readonly built: Uint16Array;
}
const gatherings = new WeakMap<GrowAnswer, Gathering>();

export function gatheringOf(into: GrowAnswer, part: Part, { routes, quanta }: GrowBody, layout: Layout): Gathering {
  const known = gatherings.get(into);
  if (known !== undefined) return known;
  const columns = layout.starts.length;
  const places = routes.reduce((sum, { built }) => sum + built.length, 0);
  const numbers = layout.size * places;
  const leads = routes.reduce((sum, own) => sum + routeBytes(own) + queuesBytes(own), 0);
  const address = part.heap.allocate(8 * numbers + leads + scratchBytes(columns) + 4 * (columns + 1));
  const k = part.heap.kernels;
  float64(k, address, numbers).fill(0);
  let [at, lead] = [address, address + 8 * numbers];
  const lines = routes.map((own): Leads => {
    const queues = lead + routeBytes(own);
    placeRoutes(k, lead, own);
    placeQueues(k, queues, own, at, layout);
    const line = { routes: lead, queues, nodes: own.nodes, built: own.built };
    at += 8 * layout.size * own.built.length;
    lead = queues + queuesBytes(own);
    return line;
  });
  const offsets = lead + scratchBytes(columns);
  placeOffsets(k, offsets, layout);
  const own = { part, address, places, layout, quanta, lines, offsets, scratch: lead };
  gatherings.set(into, own);
  return own;
}

/** Moves what was gathered into the statistic. */
export function takeOver(into: GrowAnswer): void {
  const own = gatherings.get(into);
  if (own === undefined) return;
  const { address, places, layout, quanta } = own;
  const k = own.part.heap.kernels;
  const second = quanta.h / 2 ** countBits(layout.rows);
  for (let place = 0; place < places; place++) {
    takeCounts(k, address + 8 * layout.size * place, layout);
    k.scalePairs(address + 8 * layout.size * place, layout.total, quanta.g, second);
  }
  into.histogram = float64(k, address, layout.size * places).slice();
  own.part.heap.free(address);
  gatherings.delete(into);
}

function takeCounts(k: Kernels, histogram: number, { rows, total }: Layout): void {
  const bits = countBits(rows);
  if (bits > 0) k.takeCounts(histogram, total, bits, histogram + 16 * total);
}

/** Adds the rows that still wait, and takes the counts of rows out of pairs that the next part might fill. */
export function finishPart({ k, binned, layout, pairs }: Step, { lines, offsets, scratch }: Gathering): void {
  const { bins, columns, rows } = binned;
  lines.forEach(({ queues, nodes, built }, line) => {
    if (built.length === 0) return;
    k.emptyQueues(bins, columns, pairs + 16 * rows * line, queues, nodes, offsets, scratch);
    if (layout.rows !== "plane") return;
    const all = new Uint32Array(k.memory.buffer);
    for (const node of built) {
      const queue = all[queues / 4 + node] / 4;
      if (all[queue + 2] <= MOST_COUNTED) continue;
      takeCounts(k, all[queue], layout);
      all[queue + 2] = 0;
    }
  });
}
