/** Templates for tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { App, Stack } from "aws-cdk-lib/core";
import type { SteplearnProps } from "../../cdk/props.ts";
import { SteplearnStack } from "../../cdk/stack.ts";

// biome-ignore lint/suspicious/noExplicitAny: templates are JSON of any depth, and expectations say what is in them
export type Json = any;

interface Resource {
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, Json>>;
}

/**
 * The template of a stack named steplearn. A few bytes stand in for the bundle, which has a test of its own; `props` may be made from a stack
 * beside it, `before` prepares the app.
 */
export function synthesised(
  props: SteplearnProps | ((beside: Stack) => SteplearnProps) = {},
  before: (app: App) => void = () => {},
): Template {
  const folder = mkdtempSync(join(tmpdir(), "steplearn-cdk-"));
  try {
    writeFileSync(join(folder, "index.mjs"), "");
    // `cdk deploy` checks templates against CloudFormation's schemas too, which takes three seconds.
    const app = new App({ outdir: join(folder, "out"), builtinCloudFormationValidation: false });
    before(app);
    const code = Code.fromAsset(folder, { exclude: ["out"] });
    new SteplearnStack(app, "steplearn", { code, ...(typeof props === "function" ? props(new Stack(app, "beside")) : props) });
    const { Resources, Outputs } = app.synth().getStackByName("steplearn").template;
    return { resources: Resources, outputs: Outputs };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Properties by logical id, in the order of the template. */
export const ofType = (template: Template, type: string): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(template.resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => [id, Properties]),
  );

/** CloudFormation's functions as text: references in angle brackets, by logical id without the hash that the CDK appends. */
export function text(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(text).join(" ");
  const [name, argument] = Object.entries(value)[0] as [string, Json];
  if (name === "Ref") return `<${plain(argument)}>`;
  if (name === "Fn::GetAtt") return `<${plain(argument[0])}.${argument[1]}>`;
  if (name === "Fn::Join") return argument[1].map(text).join(argument[0]);
  throw new Error(`unknown function ${name}`);
}

const plain = (id: string): string => id.replace(/^Steplearn(.+)[0-9A-F]{8}$/, "$1");
