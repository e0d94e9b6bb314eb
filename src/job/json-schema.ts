/** The JSON Schema (draft 2020-12) of a job file, for completion and checks in editors. */
import * as z from "zod";
import { jobSchema } from "./schema.ts";

/** As much of JSON Schema as the job's schema comes out in. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
}

let schema: JsonSchema | undefined;

export function jobJsonSchema(): JsonSchema {
  schema ??= z.toJSONSchema(jobSchema, { io: "input" }) as JsonSchema;
  return schema;
}
