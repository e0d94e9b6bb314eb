/** From what zod found to what people read: subject, must, rule, got value, remedy. */
import type * as z from "zod";
import type { JsonSchema } from "./json-schema.ts";
import { type Path, type Problem, shown, valueAt } from "./problem.ts";
import { knownKeys, knownValues, ruleText, schemasAt } from "./rule.ts";
import { nearest, remedy } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/** Every issue of a failed parse of `root` by the schema that `rules` was made of. */
export const problemsOf = (issues: readonly Issue[], root: unknown, rules: JsonSchema): Problem[] =>
  issues.flatMap((issue) => issueProblems(issue, [], root, rules));

function issueProblems(issue: Issue, parent: Path, root: unknown, rules: JsonSchema): Problem[] {
  const path = [...parent, ...(issue.path as (string | number)[])];
  const value = valueAt(root, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `must be a known key${remedy(key, knownKeys(rules, path))}`,
        of: "key",
      }));
    case "invalid_union": {
      const branch = meantBranch(issue.errors);
      if (branch) return branch.flatMap((inner) => issueProblems(inner, path, root, rules));
      return [{ path, message: ruleMessage(path, value, rules) }];
    }
    case "invalid_format":
      return [{ path, message: `${issue.message}, got ${shown(value)}` }];
    case "custom":
      return [
        {
          path,
          message: value === undefined || issue.message.includes(", got ") ? issue.message : `${issue.message}, got ${shown(value)}`,
        },
      ];
    default:
      return [{ path, message: ruleMessage(path, value, rules) }];
  }
}

/** The one way of writing whose type fits, of those that may stand here: only its issues say what to change. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const wrongKind = (issue: Issue) => issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
  const fitting = branches.filter((issues) => !issues.some(wrongKind));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function ruleMessage(path: Path, value: unknown, rules: JsonSchema): string {
  const schemas = schemasAt(rules, path);
  const rule = ruleText(schemas);
  if (value === undefined) return `must be given: ${rule}`;
  return `must be ${rule}, got ${shown(value)}${nearRemedy(value, knownValues(rules, path))}${quoteRemedy(value, schemas)}`;
}

/** The rule has listed the known values already, so only a near one is worth repeating. */
function nearRemedy(value: unknown, values: readonly string[]): string {
  const near = typeof value === "string" ? nearest(value, values) : undefined;
  return near === undefined ? "" : `, did you mean ${JSON.stringify(near)}?`;
}

/** YAML reads 12, true and null as no strings. */
function quoteRemedy(value: unknown, schemas: readonly JsonSchema[]): string {
  const scalar = value === null || typeof value === "number" || typeof value === "boolean";
  const text = schemas.some((schema) => schema.type === "string" && !schema.enum && schema.const === undefined);
  return scalar && text ? ` (quote it: "${value}")` : "";
}
