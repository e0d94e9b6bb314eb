/** The threads of a run on this machine, started while the program that plans it is still loading. */
import { availableParallelism } from "node:os";
import { machineFiles } from "../adapters/local/file-store.ts";
import { startAhead } from "../adapters/local/threads.ts";
import { listSource } from "../data/source.ts";
import { threadsFor } from "../plan/threads.ts";
import { moduleUrl } from "./modules.ts";
import { keyOf } from "./paths.ts";

/** Starts as many as the plan will find busy with these files; none for data that is not here or cannot be listed, of which the plan says more. */
export async function startThreadsAhead(
  paths: readonly string[],
  { folder, threads = availableParallelism() }: { readonly folder: string; readonly threads?: number },
): Promise<void> {
  const keys = paths.map((path) => keyOf(path, folder));
  if (keys.some((key) => key.startsWith("s3://"))) return;
  // Given a format, the listing opens no file.
  const listed = await listSource(machineFiles(), keys, "csv").catch(() => null);
  if (listed === null) return;
  const bytes = listed.objects.reduce((sum, { size }) => sum + size, 0);
  const count = threadsFor(bytes, threads);
  if (count > 1) startAhead(moduleUrl("thread"), count);
}
