/** What a place in a job must hold, in words, read from its JSON Schema: so a rule is written once, in the schema. */
import type { JsonSchema } from "./json-schema.ts";
import type { Path } from "./problem.ts";

/** The schemas that may apply at a path; several where the job may be written in several ways. */
export function schemasAt(root: JsonSchema, path: Path): JsonSchema[] {
  let schemas = branches(root);
  for (const step of path) schemas = schemas.flatMap((schema) => child(schema, step)).flatMap(branches);
  return schemas;
}

const branches = (schema: JsonSchema): JsonSchema[] => schema.anyOf?.flatMap(branches) ?? [schema];

function child(schema: JsonSchema, step: string | number): JsonSchema[] {
  if (typeof step === "number") return schema.items ? [schema.items] : [];
  const own = schema.properties?.[step];
  if (own) return [own];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
}

/** Keys that a mapping at the path may have. */
export const knownKeys = (root: JsonSchema, path: Path): string[] => [
  ...new Set(schemasAt(root, path).flatMap((schema) => Object.keys(schema.properties ?? {}))),
];

/** The values of an enumeration at the path; empty where any value of a type may stand. */
export const knownValues = (root: JsonSchema, path: Path): string[] =>
  schemasAt(root, path).flatMap((schema) => (schema.enum ?? (schema.const === undefined ? [] : [schema.const])).map(String));

/** `a number >= 0`, `a non-empty string or a mapping`. */
export const ruleText = (schemas: readonly JsonSchema[]): string => [...new Set(schemas.flatMap(phrases))].join(" or ");

function phrases(schema: JsonSchema): string[] {
  if (schema.enum) return [`one of ${schema.enum.join(", ")}`];
  if (schema.const !== undefined) return [String(schema.const)];
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.map((type) => typeText(type, schema));
}

function typeText(type: string, schema: JsonSchema): string {
  switch (type) {
    case "number":
      return `a number${boundsText(schema)}`;
    case "integer":
      return `an integer${boundsText(schema)}`;
    case "string":
      return schema.minLength ? "a non-empty string" : "a string";
    case "boolean":
      return "true or false";
    case "array":
      return schema.minItems ? "a non-empty list" : "a list";
    default:
      return "a mapping";
  }
}

function boundsText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  const bounds = Object.entries({ ">=": low, ">": exclusiveMinimum, "<=": high, "<": exclusiveMaximum }).filter(
    ([, bound]) => bound !== undefined,
  );
  return bounds.length === 0 ? "" : ` ${bounds.map(([sign, bound]) => `${sign} ${bound}`).join(" and ")}`;
}
