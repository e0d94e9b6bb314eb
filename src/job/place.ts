/** The paths of a job as keys: relative ones begin at a place in S3, `s3://` ones stand as they are. */
import { posix } from "node:path";
import type { Job } from "./job.ts";
import { type Problem, problemsError, shown, type Where } from "./problem.ts";

export interface Base {
  /** Where relative data begin: `s3://bucket/folder/`. */
  readonly data: string;
  /** Where relative outputs begin: `s3://bucket/`. */
  readonly output: string;
}

/** InputError for paths of a machine, which nobody else can read. */
export function placeJob(job: Job, base: Base, where: Where = () => "job"): Job {
  const problems: Problem[] = [];
  const place = (path: string, begin: string, of: readonly (string | number)[]): string => {
    if (path.startsWith("s3://")) return path;
    const key = posix.normalize(path);
    if (!/^(\/|\.\.(\/|$)|[A-Za-z]:|[a-z][a-z0-9+]*:\/\/)/.test(path) && !key.startsWith("..")) return begin + key;
    problems.push({ path: of, message: `must be s3://bucket/key, or relative to ${begin}, got ${shown(path)}` });
    return path;
  };
  const data = { ...job.data, paths: job.data.paths.map((path, i) => place(path, base.data, ["data", "path", i])) };
  const split =
    job.split.kind === "path"
      ? { ...job.split, paths: job.split.paths.map((path, i) => place(path, base.data, ["split", "testPath", i])) }
      : job.split;
  const output = place(job.output, base.output, ["output"]);
  if (problems.length > 0) throw problemsError(problems, where);
  return { ...job, data, split, output };
}
