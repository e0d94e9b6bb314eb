/** The functions of the tests, as one isolated instance holds them. */
import { threadId } from "node:worker_threads";
import { answerFunctions } from "../../../src/adapters/local/functions.ts";
import { InputError } from "../../../src/ports/errors.ts";

let running = 0;

answerFunctions((data) => {
  const tell = async (payload: unknown) => {
    running++;
    await new Promise(setImmediate);
    const atOnce = running--;
    return { payload, data, threadId, atOnce };
  };
  const refuse = async () => {
    throw new InputError("payload must be right, got wrong");
  };
  return { planner: tell, mapper: tell, reducer: tell, publisher: refuse };
});
