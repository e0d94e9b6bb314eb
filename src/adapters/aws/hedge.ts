/**
 * A second request for what is slow: of the slowest few in a hundred, another try is mostly answered before the first ("re-issue the slowest
 * 1-5 %": S3's performance guidelines). The answer that comes first counts, the other request is given up.
 */

/** Requests of one process; as many as one in `EVERY` is sent twice, lest a slow line be made slower. */
export interface Hedge {
  run<T>(attempt: (signal: AbortSignal, second: boolean) => Promise<T>, afterMillis: number): Promise<T>;
  /** Second requests so far. */
  readonly seconds: number;
}

const EVERY = 20;
/** Allowed from the start. */
const FREE = 4;

export function createHedge(): Hedge {
  let requests = 0;
  let seconds = 0;
  return {
    get seconds() {
      return seconds;
    },
    run: (attempt, afterMillis) =>
      new Promise((resolve, reject) => {
        const running = new Set<AbortController>();
        const start = (second: boolean): void => {
          const controller = new AbortController();
          running.add(controller);
          attempt(controller.signal, second).then(
            (value) => {
              running.delete(controller);
              clearTimeout(timer);
              for (const other of running) other.abort();
              resolve(value);
            },
            (error) => {
              running.delete(controller);
              clearTimeout(timer);
              // The other one may still succeed; after an answer nobody listens.
              if (running.size === 0) reject(error);
            },
          );
        };
        requests += 1;
        const timer = setTimeout(() => {
          if (seconds >= FREE + requests / EVERY) return;
          seconds += 1;
          start(true);
        }, afterMillis);
        start(false);
      }),
  };
}
