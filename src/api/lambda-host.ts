/**
 * What the handlers run on in Lambda: the stack's bucket as the store, all of S3 as sources and outputs, a thread for each virtual CPU. Made
 * once for an environment; threads and what they keep live as long as it does.
 */
import type { Host } from "../../functions/host.ts";
import { s3Bucket, s3Root } from "../adapters/aws/s3-store.ts";
import { watchCollections } from "../adapters/local/collections.ts";
import { workerThreads } from "../adapters/local/threads.ts";
import { chooseFunctions, MEGABYTES_PER_CPU, threadsOf } from "../plan/functions.ts";
import type { Mappers } from "../rounds/schedule.ts";
import { createTasks, type TaskAnswer, type TaskHost } from "../rounds/task.ts";
import { DEFAULT_STACK, fromEnvironment, type StackSettings } from "../workflow/stack.ts";
import { bundle } from "./bundle.ts";

export interface LambdaHost extends Host {
  readonly settings: StackSettings;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `threadModule` is the module that calls `answerLambdaThread`, beside the bundle. */
export function lambdaHost(environment: Environment, threadModule: URL): LambdaHost {
  const settings = fromEnvironment(environment);
  const threads = threadsOf(Number(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? MEGABYTES_PER_CPU));
  const { store, sources, outputs } = stores(settings.bucket);
  return {
    settings,
    store,
    sources,
    outputs,
    home: `s3://${settings.bucket}/`,
    bundle,
    functions: offered(settings),
    resumeCommand: (run) => `steplearn resume ${run} --on aws${settings.stack === DEFAULT_STACK ? "" : ` --stack ${settings.stack}`}`,
    mappers: threads === 1 ? inline(settings.bucket) : workers(settings.bucket, threads, threadModule),
    affinity: new Map(),
    held: new Map(),
    maxEvents: settings.maxEvents,
    nowMillis: () => performance.now(),
    dateMillis: () => Date.now(),
    remainingMillis: () => Number.POSITIVE_INFINITY,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

/** What the account has free is asked for with every plan, which takes 30 ms: other functions come and go. */
const offered =
  ({ slots, mapperMegabytes, fusedMegabytes, fused, concurrencyShare }: StackSettings): Host["functions"] =>
  async () => {
    const { freeConcurrency } = await import("../adapters/aws/account.ts");
    const atOnce = Math.max(1, Math.floor((await freeConcurrency()) * concurrencyShare));
    return (size) => chooseFunctions({ slots, mapperMegabytes, fusedMegabytes, fused, atOnce }, size);
  };

interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** The host for one invocation, which knows when its time is up. */
export const withContext = <H extends Host>(host: H, context: InvocationContext): H => ({
  ...host,
  remainingMillis: () => context.getRemainingTimeInMillis(),
});

const stores = (bucket: string): Pick<Host, "store" | "sources" | "outputs"> => {
  const root = s3Root();
  return { store: s3Bucket(bucket), sources: root, outputs: root };
};

export interface LambdaThreadData {
  readonly bucket: string;
  /** Threads of the function, which share what a plan leaves for parts. */
  readonly threads: number;
}

/** Tasks of one thread, with stores and caches of its own. */
export function lambdaTasks({ bucket, threads }: LambdaThreadData): ReturnType<typeof createTasks> {
  return createTasks({
    ...stores(bucket),
    bundle,
    cacheBytes: (plan) => plan.memory.cacheBytes / threads,
    nowMillis: () => performance.now(),
    peakBytes: () => process.resourceUsage().maxRSS * 1_024,
    gcMillis: watchCollections(),
  } satisfies TaskHost);
}

function inline(bucket: string): Mappers {
  let tasks: ReturnType<typeof createTasks> | undefined;
  return {
    size: 1,
    run: (_thread, request) => {
      tasks ??= lambdaTasks({ bucket, threads: 1 });
      return tasks(request);
    },
  };
}

/** Threads start with their first task: planners, reducers and publishers never have one. */
function workers(bucket: string, threads: number, entry: URL): Mappers {
  const pool = workerThreads({ size: threads, entry, data: { bucket, threads } satisfies LambdaThreadData });
  return { size: threads, run: (thread, request) => pool.run(thread, request) as Promise<TaskAnswer> };
}
