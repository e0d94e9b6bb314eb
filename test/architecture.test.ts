/** The promises of the source tree that no type checks: which folder may know which, what only the edges may touch, sizes, versions. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { version } from "../src/model/version.ts";

const root = join(import.meta.dirname, "..");

function filesBelow(folder: string, extension = ".ts"): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes("/assembly/") && !path.endsWith(".wasm.ts"));
}

const sources = [...filesBelow("src"), ...filesBelow("functions"), ...filesBelow("cdk")];
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
/** Without comments and strings, which may say anything. */
const codeOf = (path: string): string =>
  textOf(path)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/`(?:\\.|\$\{[^}]*\}|[^`\\])*`|"(?:\\.|[^"\\\n])*"/g, '""')
    .replace(/\/\/.*$/gm, "");

const layerOf = (path: string): string =>
  !path.startsWith("src/") ? path.split("/")[0] : path.split("/").length === 2 ? "index" : path.split("/")[1];

/** What each folder may import besides itself. Arrows go one way: whoever is named here knows nothing of whoever names it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernels: [],
  ports: [],
  data: ["kernels", "ports"],
  statistics: ["kernels", "ports"],
  features: ["kernels", "ports", "data", "statistics"],
  learners: ["kernels", "ports", "statistics", "features"],
  evaluation: ["kernels", "ports", "statistics", "learners"],
  profile: ["kernels", "ports", "data", "statistics", "features"],
  job: ["ports", "data", "features", "learners", "evaluation", "tuning"],
  tuning: ["kernels", "ports", "evaluation", "job"],
  plan: ["ports", "data", "job", "learners"],
  exchange: ["kernels", "ports", "learners"],
  model: ["profile", "kernels", "ports", "data", "features", "learners", "job"],
  workflow: ["ports"],
  rounds: [
    "profile",
    "kernels",
    "ports",
    "data",
    "statistics",
    "features",
    "learners",
    "evaluation",
    "job",
    "tuning",
    "plan",
    "model",
    "workflow",
  ],
  adapters: ["ports"],
  functions: ["ports", "plan", "rounds", "workflow", "adapters", "api"],
  api: ["ports", "data", "job", "plan", "model", "rounds", "workflow", "adapters", "functions"],
  report: ["profile", "ports", "data", "evaluation", "features", "job", "learners", "model", "plan", "rounds", "tuning"],
  cli: [
    "exchange",
    "ports",
    "data",
    "evaluation",
    "features",
    "job",
    "learners",
    "model",
    "plan",
    "rounds",
    "tuning",
    "adapters",
    "api",
    "report",
  ],
  index: ["ports", "job", "model", "plan", "api"],
  cdk: ["ports", "workflow"],
};

function importsOf(path: string): string[] {
  return [...textOf(path).matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, target]) => relative(root, join(root, path, "..", target)));
}

describe("imports", () => {
  it("go one way", () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter((target) => layerOf(target) !== layerOf(path) && !mayImport[layerOf(path)]?.includes(layerOf(target)))
        .map((target) => `${path} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("cover every folder", () => {
    expect(new Set(sources.map(layerOf))).toEqual(new Set(Object.keys(mayImport)));
  });

  it("keep the AWS SDK to its adapter", () => {
    const wrong = sources.filter((path) => textOf(path).includes('"@aws-sdk/') && !path.startsWith("src/adapters/aws/"));
    expect(wrong).toEqual([]);
  });
});

describe("code away from the edges", () => {
  const edges = /^(functions|cdk|src\/adapters|src\/cli|src\/api)\//;
  const inner = sources.filter((path) => !edges.test(path));

  it("has no clock, environment, chance or console of its own", () => {
    const wrong = inner.filter((path) => /\bMath\.random\b|\bDate\b|\bprocess\.env\b|\bconsole\.|\bperformance\.now\b/.test(codeOf(path)));
    expect(wrong).toEqual([]);
  });

  it("takes elementary functions from the kernels, whose bits are the same everywhere", () => {
    const banned =
      /\bMath\.(exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot)\b|[^/*]\*\*[^/*]/;
    const allowed = (path: string): boolean => path.startsWith("src/kernels/");
    // Powers of two and integer logarithms of counts are exact everywhere.
    const exact = (code: string): string => code.replace(/\b2 \*\* /g, "2 pow ").replace(/Math\.ceil\(Math\.log2\(/g, "bits((");
    const wrong = sources.filter((path) => !allowed(path) && banned.test(exact(codeOf(path))));
    expect(wrong).toEqual([]);
  });
});

describe("the tree", () => {
  it("holds one idea a file", () => {
    const long = sources.map((path) => [path, textOf(path).split("\n").length] as const).filter(([, lines]) => lines > 350);
    expect(long).toEqual([]);
  });

  it("has handlers that parse, call and return", () => {
    const long = filesBelow("functions").filter((path) => textOf(path).split("\n").length > 41);
    expect(long).toEqual([]);
  });

  it("pins every dependency", () => {
    const manifest = JSON.parse(textOf("package.json")) as Record<"dependencies" | "devDependencies", Record<string, string>> & {
      version: string;
    };
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, wanted]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(wanted),
    );
    expect(loose).toEqual([]);
    expect(version).toBe(manifest.version);
  });

  it("gives each kernel a test of its own", () => {
    const tests = filesBelow("test/kernels").map((path) => path.split("/").at(-1));
    for (const name of ["encode", "hash", "linear", "logistic", "softmax", "sort", "math", "memory", "judge", "trees"])
      expect(tests).toContain(`${name}.test.ts`);
  });
});
