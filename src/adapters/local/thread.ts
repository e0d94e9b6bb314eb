/** The side of a pool that is in the thread. It knows nothing of the other, whose modules a thread need not load. */
import { parentPort, type Transferable } from "node:worker_threads";
import { InputError } from "../../ports/errors.ts";
import { toWire, type WireError } from "./wire-error.ts";

export type Answer = (message: unknown) => unknown;

export interface Reply {
  readonly call: number;
  readonly value?: unknown;
  readonly error?: WireError;
}

/** The buffers that an answer names as `transfer`: they move to the other thread without a copy, and are empty in this one. */
const givenAway = (value: unknown): Transferable[] => [...((value as { transfer?: readonly Transferable[] } | undefined)?.transfer ?? [])];

/** In the module of a thread: answers the pool's messages with what `create` makes of the pool's data. Messages that come together interleave. */
export function answerThread(create: (data: unknown) => Answer | Promise<Answer>): void {
  const port = parentPort;
  if (port === null) throw new InputError("answerThread must be called in a worker thread, got the main thread");
  let answer: Promise<Answer>;
  port.on("message", async (sent: { readonly data: unknown } | { readonly call: number; readonly message: unknown }) => {
    if (!("call" in sent)) {
      answer = Promise.resolve(sent.data).then(create);
      // The first call decides between an error and an unhandled rejection, which would kill the thread.
      answer.catch(() => {});
      return;
    }
    const { call, message } = sent;
    try {
      const value = await (await answer)(message);
      port.postMessage({ call, value } satisfies Reply, givenAway(value));
    } catch (error) {
      port.postMessage({ call, error: toWire(error) } satisfies Reply);
    }
  });
}
