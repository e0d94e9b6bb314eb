/** The thread of the tests: does what a message asks. */
import { answerThread } from "../../../src/adapters/local/thread.ts";
import { InputError } from "../../../src/ports/errors.ts";

let calls = 0;

answerThread((data) => async (message) => {
  const { ask, value } = message as { ask: string; value?: unknown };
  calls++;
  if (ask === "echo") return value;
  if (ask === "data") return data;
  if (ask === "calls") return calls;
  if (ask === "sum") return (value as Float64Array).reduce((sum, number) => sum + number, 0);
  if (ask === "refuse") throw new InputError("value must be right, got wrong");
  if (ask === "throw text") throw "just text";
  if (ask === "exit") process.exit(3);
  if (ask === "crash") {
    setImmediate(() => {
      throw new TypeError("nobody catches this");
    });
  }
  return new Promise(() => {});
});
