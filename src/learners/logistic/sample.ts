/** Which rows the first steps look at: they need the neighbourhood of the optimum, not its digits. */
import type { Sample } from "../candidates.ts";
import type { Shape } from "../learner.ts";

/** Fewer rows are scanned in less time than a round takes to start. */
const LEAST_ROWS = 200_000;
const SAMPLE_ROWS = 65_536;
/** Rows a coordinate: the objective of the sample's optimum is then within about 1/400 of a row's loss of the best. */
const ROWS_PER_COORDINATE = 200;
const MAX_PARTS = 16;

/**
 * Parts 0, stride, 2 stride …, at most 16 of them, so that as many functions help, and every `every`-th of their blocks; null where the
 * whole is not much larger. Follows from the counts alone.
 */
export function sampleOf({ parts, rows }: Shape, trainingRows: number, coordinates: number): Sample | null {
  const wanted = Math.max(SAMPLE_ROWS, ROWS_PER_COORDINATE * coordinates);
  if (trainingRows <= LEAST_ROWS || trainingRows < 3 * wanted || rows === 0) return null;
  let stride = 1;
  while (parts > MAX_PARTS * stride) stride *= 2;
  const available = (trainingRows * Math.ceil(parts / stride)) / parts;
  return { stride, every: Math.max(1, Math.floor(available / wanted)) };
}
