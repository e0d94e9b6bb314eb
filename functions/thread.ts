/** The module of a compute thread: tasks on this machine's files, with caches of its own. */

import { anywhere } from "../src/adapters/anywhere.ts";
import { watchCollections } from "../src/adapters/local/collections.ts";
import { fileStore } from "../src/adapters/local/file-store.ts";
import { answerThread } from "../src/adapters/local/thread.ts";
import { createTasks, prepareTasks, type TaskRequest } from "../src/rounds/task.ts";

export interface ThreadData {
  readonly root: string;
  readonly bundle: string;
  readonly cacheBytes: number;
}

prepareTasks();

answerThread((data) => {
  const { root, bundle, cacheBytes } = data as ThreadData;
  const files = anywhere();
  const run = createTasks({
    store: fileStore(root),
    sources: files,
    outputs: files,
    bundle,
    cacheBytes: () => cacheBytes,
    nowMillis: () => performance.now(),
    peakBytes: () => process.resourceUsage().maxRSS * 1024,
    gcMillis: watchCollections(),
  });
  return (message) => run(message as TaskRequest);
});
