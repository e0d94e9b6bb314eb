/** From sums over trees to predictions. */
import { float64, type Kernels } from "../../../kernels/kernels.ts";
import type { Link } from "../tree.ts";

/** Columns of sums in kernel memory, one for each slot and of `stride`, which is even. */
interface SumColumns {
  readonly address: number;
  readonly rows: number;
  readonly stride: number;
  readonly slots: number;
}

/** Writes predictions over the sums; `count`: of how many trees a mean is. */
export function linkSums(k: Kernels, link: Link, { address, rows, stride, slots }: SumColumns, count: number): void {
  if (link === "logistic") k.sigmoid(address, rows, address);
  if (link === "softmax") {
    const mark = k.mark();
    // Probabilities do not depend on labels; rows of weight 0 have no loss.
    const zeros = k.allocate(8 * stride);
    k.softmax(address, stride, rows, slots, zeros, zeros, k.claim(8 * stride * slots));
    k.release(mark);
  }
  if (link !== "exp" && link !== "mean") return;
  for (let slot = 0; slot < slots; slot++) {
    const own = float64(k, address + 8 * slot * stride, rows);
    if (link === "exp") for (let i = 0; i < rows; i++) own[i] = k.exp(own[i]);
    else for (let i = 0; i < rows; i++) own[i] /= count;
  }
}
