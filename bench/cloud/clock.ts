/**
 * A clock that stands still while anything can go on without it, and then jumps to the next moment that somebody waits for. So the real
 * engine runs through minutes of waiting in the time that its own work takes, and the same way every time.
 */
import { setTimeout as realSleep } from "node:timers/promises";

export interface Clock {
  /** Seconds since the start. */
  now(): number;
  sleep(seconds: number): Promise<void>;
  /** Runs to the end of `main`; rejects when everybody waits for nothing. */
  run<T>(main: () => Promise<T>): Promise<T>;
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** Turns of the event loop in which what was woken comes to its next wait. */
const TURNS = 4;
/** Milliseconds of real work without a wait, such as reading a module, before it counts as hanging. */
const PATIENCE = 5_000;

export function createClock(): Clock {
  const heap: Sleeper[] = [];
  let now = 0;
  let order = 0;
  return {
    now: () => now,
    sleep: (seconds) =>
      new Promise((wake) => {
        push(heap, { at: now + Math.max(0, seconds), order: order++, wake });
      }),
    async run(main) {
      let isOver = false;
      const running = main().finally(() => {
        isOver = true;
      });
      running.catch(() => {});
      for (let idle = 0; !isOver; ) {
        for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
        const next = pop(heap);
        if (next === undefined) {
          if (++idle > PATIENCE) throw new Error("somebody must wait for a moment, got nobody");
          if (!isOver) await realSleep(1);
          continue;
        }
        idle = 0;
        now = next.at;
        next.wake();
        while (heap.length > 0 && heap[0].at === now) pop(heap)?.wake();
      }
      return running;
    },
  };
}

const isBefore = (a: Sleeper, b: Sleeper): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Sleeper[], sleeper: Sleeper): void {
  heap.push(sleeper);
  for (let i = heap.length - 1; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (!isBefore(heap[i], heap[parent])) return;
    [heap[i], heap[parent]] = [heap[parent], heap[i]];
    i = parent;
  }
}

function pop(heap: Sleeper[]): Sleeper | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  heap[0] = last;
  for (let i = 0; ; ) {
    let least = i;
    for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && isBefore(heap[child], heap[least])) least = child;
    if (least === i) return first;
    [heap[i], heap[least]] = [heap[least], heap[i]];
    i = least;
  }
}
