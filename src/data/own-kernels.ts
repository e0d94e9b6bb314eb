/** Kernel instances for work that waits for bytes in between. */
import { createKernels, type Kernels } from "../kernels/kernels.ts";

/** An instance whose memory grew beyond this is dropped after use: WebAssembly memory never shrinks. */
const KEPT_BYTES = 128 * 2 ** 20;

const idle: Kernels[] = [];

/** Runs work on an instance that nobody else uses meanwhile; `K` names what it wants of the exports. */
export async function withOwnKernels<K extends Kernels, T>(work: (k: K) => Promise<T>): Promise<T> {
  const k = idle.pop() ?? createKernels();
  const mark = k.mark();
  try {
    return await work(k as K);
  } finally {
    k.release(mark);
    if (k.memory.buffer.byteLength <= KEPT_BYTES) idle.push(k);
  }
}
