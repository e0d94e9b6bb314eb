import { open, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { TransientError } from "../../ports/errors.ts";
import { OWN_FILES } from "./keys.ts";

/** What is done under a lock takes less than a millisecond; a lock this old was left by a process that died in it. */
const STALE_MILLIS = 5_000;
const PATIENCE_MILLIS = 30_000;

/** Does `work` while no other thread or process does anything under the lock of the same path. TransientError after half a minute. */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `${OWN_FILES}lock-${basename(path)}`);
  const giveUp = Date.now() + PATIENCE_MILLIS;
  while (!(await take(lock))) {
    if (Date.now() > giveUp) throw new TransientError(`lock ${lock} must become free within ${PATIENCE_MILLIS} ms`);
    await setTimeout(1);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, "wx")).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const taken = await stat(lock).catch(() => null);
  if (taken !== null && Date.now() - taken.mtimeMs > STALE_MILLIS) await rm(lock, { force: true });
  return false;
}
