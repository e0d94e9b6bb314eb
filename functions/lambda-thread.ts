/** The module of a compute thread on Lambda, built as `thread.mjs` beside the handlers: tasks on S3, with caches of its own. */
import { answerThread } from "../src/adapters/local/thread.ts";
import { type LambdaThreadData, lambdaTasks } from "../src/api/lambda-host.ts";
import { prepareTasks, type TaskRequest } from "../src/rounds/task.ts";

prepareTasks();

answerThread((data) => {
  const run = lambdaTasks(data as LambdaThreadData);
  return (message) => run(message as TaskRequest);
});
