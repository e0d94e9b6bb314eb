import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../src/kernels/assembly");
const textOf = (name: string): string => readFileSync(join(folder, name), "utf8");

it("gives every kernel a name of its own: of two alike the compiler keeps one and says nothing", () => {
  const modules = [...textOf("index.ts").matchAll(/from "\.\/([\w-]+)"/g)].map(([, module]) => `${module}.ts`);
  const names = modules.flatMap((module) => [...textOf(module).matchAll(/^export function (\w+)/gm)].map(([, name]) => name));
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(modules));
});
