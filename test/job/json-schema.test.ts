import { describe, expect, it } from "vitest";
import { type JsonSchema, jobJsonSchema } from "../../src/job/json-schema.ts";
import { parseJob } from "../../src/job/read.ts";
import { schemasAt } from "../../src/job/rule.ts";

/** Values just outside what a schema of one parameter allows, with the rule that must be named. */
function* outside({ type, minimum, maximum, exclusiveMinimum, enum: values }: JsonSchema): Iterable<[value: unknown, rule: string]> {
  if (values) yield ["nonsense", `one of ${values.join(", ")}`];
  if (type === "boolean") yield [1, "true or false"];
  if (type === "number" || type === "integer") yield ["text", type === "number" ? "a number" : "an integer"];
  if (type === "integer") yield [1.5, "an integer"];
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) yield [type === "integer" ? minimum - 1 : minimum - 1e-9, `${minimum}`];
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) yield [type === "integer" ? maximum + 1 : maximum + 1e-9, `${maximum}`];
  if (exclusiveMinimum !== undefined) yield [exclusiveMinimum, `> ${exclusiveMinimum}`];
}

const root = jobJsonSchema();
const learners = Object.keys(schemasAt(root, ["model"])[0].properties ?? {});
const stages = Object.keys(schemasAt(root, ["features", 0])[0].properties ?? {});

const cases = [
  ...learners.map((kind) => ({ kind, path: ["model", kind], text: (params: string) => `model: { ${kind}: ${params} }` })),
  ...stages.map((kind) => ({
    kind,
    path: ["features", 0, kind],
    text: (params: string) => `model: { linearRegression: {} }\nfeatures: [{ ${kind}: ${params} }]`,
  })),
];

describe("the schema of a job", () => {
  it.each(cases)("refuses every parameter of $kind just outside its range", ({ path, text }) => {
    const parameters = Object.entries(schemasAt(root, path)[0].properties ?? {});
    let tried = 0;
    for (const [name, schema] of parameters) {
      for (const [value, rule] of outside(schema)) {
        const params = { ...(path[0] === "features" && { inputs: ["a"] }), [name]: value };
        const read = () => parseJob(`data: t.csv\nlabel: y\n${text(JSON.stringify(params))}`, "j.yaml");
        expect(read, `${name}: ${JSON.stringify(value)}`).toThrow(new RegExp(`${name} must be .*${rule}.*, got `));
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(0);
  });

  it("describes every key and gives every parameter of learners and stages a sentence", () => {
    for (const [key, schema] of Object.entries(root.properties ?? {})) expect(schema, key).toHaveProperty("description");
    for (const { path } of cases) {
      for (const schema of schemasAt(root, path)) {
        expect(schema).toHaveProperty("description");
        for (const [name, parameter] of Object.entries(schema.properties ?? {})) expect(parameter, name).toHaveProperty("description");
      }
    }
  });

  it("lets editors complete exactly the keys that are accepted", () => {
    expect(root).toMatchObject({ type: "object", additionalProperties: false, required: ["data", "label", "model"] });
    expect(schemasAt(root, ["model"])[0]).toMatchObject({ minProperties: 1, maxProperties: 1, additionalProperties: false });
    expect(JSON.parse(JSON.stringify(root))).toEqual(root);
  });
});
