/** Templates for tests. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code } from "aws-cdk-lib/aws-lambda";
import { App } from "aws-cdk-lib/core";
import type { SteplearnProps } from "../../cdk/props.ts";
import { SteplearnStack } from "../../cdk/stack.ts";

export type Json = Record<string, unknown>;

export interface Resource {
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, Json>>;
}

/** A few bytes stand in for the bundle, which has a test of its own. */
export function someCode(): Code {
  const folder = mkdtempSync(join(tmpdir(), "steplearn-code-"));
  writeFileSync(join(folder, "index.mjs"), "");
  return Code.fromAsset(folder);
}

export function synthesised(props: SteplearnProps = {}): Template {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), "steplearn-cdk-")) });
  new SteplearnStack(app, "steplearn", { code: someCode(), ...props });
  const { Resources, Outputs } = app.synth().getStackByName("steplearn").template;
  return { resources: Resources, outputs: Outputs };
}

export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.resources).filter(([, resource]) => resource.Type === type);
