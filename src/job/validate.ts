/** The one check that every job passes, whether it came as YAML, JSON, options or TypeScript. */
import { type Canonical, canonicalise } from "./aliases.ts";
import { combinationProblems } from "./combinations.ts";
import type { Job } from "./job.ts";
import { jobJsonSchema } from "./json-schema.ts";
import { problemsOf } from "./messages.ts";
import { normalise } from "./normalise.ts";
import { type Path, type Problem, pathText } from "./problem.ts";
import { jobSchema } from "./schema.ts";

export interface Validation {
  /** Undefined when there are problems. */
  readonly job: Job | undefined;
  readonly problems: readonly Problem[];
  /** Names of other libraries that were read as ours. */
  readonly notes: readonly Problem[];
  /** Keys that were renamed, outermost first. */
  readonly renamed: readonly { readonly from: Path; readonly to: Path }[];
}

/** A schema that is asked once is not worth compiling. */
const ONCE = { jitless: true } as const;

/** Checks a job as written (plain data, left unchanged) and spells out its defaults; `name` is the model's where the job gives none. */
export function validate(written: unknown, name: string): Validation {
  const direct = jobSchema.safeParse(written, ONCE);
  const canonical = direct.success && direct.data.tune === undefined;
  const { form, renamed, notes, problems: misnamed } = canonical ? asWritten(written) : canonicalise(written);
  const parsed = canonical ? direct : jobSchema.safeParse(form, ONCE);
  const misfits = parsed.success ? [] : problemsOf(parsed.error.issues, form, jobJsonSchema());
  const problems = firstOfEachPath([...misnamed, ...misfits, ...combinationProblems(form)]);
  const job = parsed.success && problems.length === 0 ? normalise(parsed.data, name) : undefined;
  return { job, problems, notes, renamed };
}

/** A job in canonical names needs no list of them, which takes longer to make than all the rest of the check. */
const asWritten = (form: unknown): Canonical => ({ form, renamed: [], notes: [], problems: [] });

/** One fault often breaks two rules; the first says what to change. */
function firstOfEachPath(problems: readonly Problem[]): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const problem of problems) {
    const key = pathText(problem.path);
    if (!byPath.has(key)) byPath.set(key, problem);
  }
  return [...byPath.values()];
}
