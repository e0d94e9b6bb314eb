/** Names of runs: letters, digits and hyphens, 48 at most, because executions are named after them and their names end at 80. */
import { InputError } from "../../ports/errors.ts";

/** The job's name with the time, and what tells it from others of the same second (8 letters or fewer). */
export function runName(name: string, isoTime: string, apart: string): string {
  const time = isoTime.slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return `${name.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 22)}-${time}-${apart}`;
}

const RUN_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,47}$/;
/** InputError where nobody could go on with a run of this name. */
export function checkRunName(run: string): void {
  if (!isRunName(run)) throw new InputError(`run must be 1 to 48 letters, digits and hyphens, got ${JSON.stringify(run)}`);
}

export const isRunName = (name: unknown): name is string => typeof name === "string" && RUN_NAME.test(name);
