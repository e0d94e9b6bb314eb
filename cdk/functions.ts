/** The functions: one bundle under different names, times and roles. Mappers are numbered, so that a part comes back to the function that holds it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Role } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { namesOf, toEnvironment } from "../src/workflow/stack.ts";
import { FUNCTION_SECONDS } from "../src/workflow/timing.ts";
import type { RoleKind } from "./permissions.ts";
import type { Choices, FunctionKind } from "./props.ts";
import type { Logs } from "./storage.ts";

export interface Functions extends Readonly<Record<Exclude<FunctionKind, "mapper">, LambdaFunction>> {
  /** By slot. */
  readonly mappers: readonly LambdaFunction[];
}

/** The handler, role and log group that a kind of function shares with others. */
const KIND: Readonly<Record<FunctionKind, RoleKind>> = {
  planner: "planner",
  mapper: "mapper",
  fused: "mapper",
  combiner: "reducer",
  reducer: "reducer",
  publisher: "publisher",
};

export interface FunctionsFrom {
  readonly choices: Choices;
  readonly code: Code;
  readonly roles: Readonly<Record<RoleKind, Role>>;
  readonly logs: Logs;
  readonly bucketName: string;
}

export function functions(scope: Construct, { choices, code, roles, logs, bucketName }: FunctionsFrom): Functions {
  const { name, slots, memory, fused, concurrencyShare, maxEvents, dashboard } = choices;
  const names = namesOf(name);
  const environment = toEnvironment({
    stack: name,
    bucket: bucketName,
    slots,
    mapperMegabytes: memory.mapper,
    fusedMegabytes: memory.fused,
    fused,
    concurrencyShare,
    maxEvents,
    metrics: dashboard,
  });
  const create = (kind: FunctionKind, id: string, functionName: string) =>
    new LambdaFunction(scope, id, {
      functionName,
      code,
      handler: `index.${KIND[kind]}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memory[kind],
      timeout: Duration.seconds(FUNCTION_SECONDS[kind]),
      role: roles[KIND[kind]],
      logGroup: logs[KIND[kind]],
      environment,
    });
  return {
    planner: create("planner", "Planner", names.planner),
    mappers: Array.from({ length: slots }, (_, slot) => create("mapper", `Mapper${slot}`, `${names.mapper}-${slot}`)),
    fused: create("fused", "Fused", names.fused),
    combiner: create("combiner", "Combiner", names.combiner),
    reducer: create("reducer", "Reducer", names.reducer),
    publisher: create("publisher", "Publisher", names.publisher),
  };
}

/** The bundle that the build leaves beside this module. */
export function bundledCode(): Code {
  const here = import.meta.url;
  const folder = fileURLToPath(new URL(here.endsWith(".ts") ? "../dist/lambda" : "./lambda", here));
  if (!existsSync(folder)) throw new Error(`${folder} must hold the functions' code, got no such folder; build it with: npm run build`);
  return Code.fromAsset(folder);
}
