/** Functions that are called as a service calls them on its bad days: twice, late, out of order. */
import type { Handlers } from "../../src/adapters/local/functions.ts";
import type { FunctionName } from "../../src/ports/orchestrator.ts";

type Handler = Handlers[FunctionName];

/** Every call happens twice, the second after the first, and the answer of the second one counts. */
export function twice(handlers: Handlers): Handlers {
  const again =
    (handler: Handler): Handler =>
    async (payload) => {
      await handler(structuredClone(payload));
      return handler(payload);
    };
  return {
    planner: again(handlers.planner),
    mapper: again(handlers.mapper),
    reducer: again(handlers.reducer),
    publisher: again(handlers.publisher),
  };
}

/** Every call happens twice at once; which answer counts is drawn. */
export function atOnce(handlers: Handlers, random: () => number): Handlers {
  const doubled =
    (handler: Handler): Handler =>
    async (payload) => {
      const answers = await Promise.all([handler(structuredClone(payload)), handler(payload)]);
      return answers[Math.floor(2 * random())];
    };
  return { ...handlers, mapper: doubled(handlers.mapper), reducer: doubled(handlers.reducer) };
}

/** Tasks answer in another order, and a reducer is given their answers in another order. */
export function outOfOrder(handlers: Handlers, random: () => number): Handlers {
  return {
    ...handlers,
    mapper: async (payload) => {
      for (let turn = Math.floor(8 * random()); turn > 0; turn--) await new Promise(setImmediate);
      return handlers.mapper(payload);
    },
    reducer: (payload) => {
      const request = payload as { readonly answers: readonly unknown[] };
      const answers = request.answers.map((answer) => ({ answer, place: random() })).sort((a, b) => a.place - b.place);
      return handlers.reducer({ ...request, answers: answers.map(({ answer }) => answer) });
    },
  };
}

/** Before each reduce come the one of the round before once more, and a task of that round: what a service thought lost. */
export function lateDuplicates(handlers: Handlers): Handlers & { readonly late: () => number } {
  const reduces: unknown[] = [];
  const tasks: unknown[] = [];
  let late = 0;
  const earlier = (payloads: readonly unknown[], round: number): unknown =>
    payloads.findLast((payload) => (payload as { round: number }).round < round);
  return {
    ...handlers,
    late: () => late,
    mapper: (payload) => {
      tasks.push(structuredClone(payload));
      return handlers.mapper(payload);
    },
    reducer: async (payload) => {
      const { round } = payload as { round: number };
      const [task, reduce] = [earlier(tasks, round), earlier(reduces, round)];
      reduces.push(structuredClone(payload));
      if (task !== undefined) await handlers.mapper(task);
      if (reduce !== undefined) await handlers.reducer(reduce);
      if (reduce !== undefined) late += 1;
      return handlers.reducer(payload);
    },
  };
}

/** In [0, 1), by a linear congruence: the same draws in every run of a test. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
