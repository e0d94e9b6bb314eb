/** What the functions of a run wrote to their logs. */
import { runOf } from "../rounds/executions.ts";
import { logGroupsOf } from "../workflow/stack.ts";
import { type Remote, unknownRun } from "./remote.ts";

export interface RunLine {
  /** ISO 8601. */
  readonly time: string;
  /** planner, mapper, reducer or publisher. */
  readonly group: string;
  readonly text: string;
}

export async function logsOf(remote: Remote, run: string, most: number): Promise<RunLine[]> {
  const { logLines } = await import("../adapters/aws/log-lines.ts");
  // The first execution of a run is named after it, unless it was started in the console.
  const began = (await remote.executions.describe(run))?.startMillis ?? (await firstStart(remote, run));
  const { machines: _, ...groups } = logGroupsOf(remote.stack);
  const names = new Map(Object.entries(groups).map(([kind, group]) => [group, kind]));
  const lines = await logLines([...names.keys()], { text: run, fromMillis: began - 60_000, most });
  return lines.map(({ millis, group, text }) => ({ time: new Date(millis).toISOString(), group: names.get(group) ?? group, text }));
}

const LISTED = 200;

async function firstStart({ store, executions }: Remote, run: string): Promise<number> {
  const listed = await executions.list(LISTED);
  const own = await Promise.all(
    listed.map(async ({ name, startMillis }) => ((await runOf(store, name))?.run === run ? startMillis : null)),
  );
  const starts = own.filter((millis) => millis !== null);
  if (starts.length === 0) throw unknownRun(run);
  return Math.min(...starts);
}
