/**
 * Memory of a kernel instance of its own that is allocated and freed in any order, for what outlives a call: the arena of `kernels.ts`
 * gives back in the order of a stack only. First fit; neighbours that are both free become one.
 */
import { createKernels, type Kernels } from "./kernels.ts";

export interface Heap {
  readonly kernels: Kernels;
  /** 16-byte aligned, not zeroed. Memory may grow, which detaches earlier views. */
  allocate(bytes: number): number;
  free(address: number): void;
}

interface Span {
  address: number;
  bytes: number;
}

export function createHeap(): Heap {
  const k = createKernels();
  const taken = new Map<number, number>();
  /** By address. */
  const free: Span[] = [];
  return {
    kernels: k,
    allocate(bytes) {
      const needed = Math.max(16, Math.ceil(bytes / 16) * 16);
      const place = free.findIndex((span) => span.bytes >= needed);
      let address: number;
      if (place < 0) address = k.claim(needed);
      else {
        const span = free[place];
        address = span.address;
        span.address += needed;
        span.bytes -= needed;
        if (span.bytes === 0) free.splice(place, 1);
      }
      taken.set(address, needed);
      return address;
    },
    free(address) {
      const bytes = taken.get(address);
      if (bytes === undefined) throw new Error(`memory at ${address} must be allocated to be freed`);
      taken.delete(address);
      const place = free.findIndex((span) => span.address > address);
      const at = place < 0 ? free.length : place;
      free.splice(at, 0, { address, bytes });
      join(free, at);
      if (at > 0) join(free, at - 1);
    },
  };
}

/** Makes one span of the one at a place and the next, where they touch. */
function join(free: Span[], at: number): void {
  const [span, next] = [free[at], free[at + 1]];
  if (next === undefined || span.address + span.bytes !== next.address) return;
  span.bytes += next.bytes;
  free.splice(at + 1, 1);
}
