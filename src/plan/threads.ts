/** Bytes of source below which a second thread costs more to start than it saves. */
const BYTES_PER_THREAD = 8 * 2 ** 20;

/** Threads that a source keeps busy, at most `threads`. */
export function threadsFor(sourceBytes: number, threads: number): number {
  return Math.min(threads, Math.max(1, Math.ceil(sourceBytes / BYTES_PER_THREAD)));
}
