/** What the README promises, held against the code. */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { commands } from "../src/cli/commands.ts";
import { parseJob } from "../src/job/read.ts";
import { learnerParams } from "../src/learners/params.ts";
import { learners } from "../src/learners/registry.ts";

const readme = await readFile("README.md", "utf8");

/** Code blocks of a language, in order. */
const blocks = (language: string): string[] =>
  [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].filter(([, of]) => of === language).map(([, , text]) => text);

/** A table without the blanks and dashes that line its columns up. */
const unpadded = (table: string | undefined): string | undefined => table?.replace(/ *\| */g, "|").replace(/-+/g, "-");

interface ParameterSchema {
  readonly default?: unknown;
  readonly description?: string;
}

function learnerTables(): string {
  const rows = Object.values(learners).map(({ name, tasks, source }) => `| \`${name}\` | ${tasks.join(", ")} | ${source} |`);
  // A name that is not the same everywhere has a row for each meaning.
  const parameters = new Map<string, { name: string; schema: ParameterSchema; of: string[] }>();
  for (const [learner, params] of Object.entries(learnerParams)) {
    const { properties } = z.toJSONSchema(params, { io: "input" }) as { properties: Record<string, ParameterSchema> };
    for (const [name, schema] of Object.entries(properties)) {
      const meaning = `${name} ${schema.default} ${schema.description}`;
      parameters.set(meaning, { name, schema, of: [...(parameters.get(meaning)?.of ?? []), learner] });
    }
  }
  const all = Object.keys(learnerParams).length;
  const lines = [...parameters.values()].map(
    ({ name, schema, of }) =>
      `| \`${name}\` | ${schema.default === undefined ? "" : `\`${schema.default}\``} | ${of.length === all ? "all" : `\`${of.join("`, `")}\``} | ${schema.description} |`,
  );
  return [
    "| learner | predicts | method |",
    "|---|---|---|",
    ...rows,
    "",
    "| parameter | default | of | |",
    "|---|---|---|---|",
    ...lines,
  ].join("\n");
}

describe("README", () => {
  it("lists the learners and their parameters as the code has them", () => {
    const [, found] = /<!-- learners: [^>]*-->\n\n([\s\S]*?)\n\n<!-- end of learners -->/.exec(readme) ?? [];
    expect(unpadded(found)).toBe(unpadded(learnerTables()));
  });

  it("shows a job that can be read, without a note", () => {
    const [yaml] = blocks("yaml");
    expect(parseJob(yaml, "churn.yaml")).toMatchObject({ notes: [], job: { name: "churn", tune: { folds: 5 } } });
    // The message that it shows for one that cannot.
    const [error] = blocks("").filter((text) => text.startsWith("churn.yaml:"));
    expect(() => parseJob(yaml.replace("{ regParam: 0.01 }", "{ regParam: -1 }"), "churn.yaml")).toThrow(error.trim());
  });

  it("names commands, arguments and options that exist", () => {
    const made = commands.map((create) => create());
    const shown = [...readme.matchAll(/^(?:\| `)?steplearn (\w+) ([^`#\n]*)/gm)];
    expect(new Set(shown.map(([, name]) => name))).toEqual(new Set(made.map((command) => command.name())));
    for (const [line, name, rest] of shown) {
      const command = made.find((each) => each.name() === name);
      for (const [option] of rest.matchAll(/--[a-z]+/g)) {
        expect(
          command?.options.map(({ long }) => long),
          line,
        ).toContain(option);
      }
    }
  });

  it("prints what the churn example prints", { timeout: 60_000 }, async () => {
    const [expected] = blocks("").filter((text) => text.startsWith("telco-churn:"));
    const folder = await mkdtemp(join(tmpdir(), "steplearn-readme-"));
    const steplearn = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [resolve("dist/cli.mjs"), ...args], { cwd: folder })).stdout;
    try {
      for (const file of ["job.yaml", "telco_customer_churn.csv.gz", "new-customers.csv"])
        await copyFile(join("examples/churn", file), join(folder, file));
      const printed =
        (await steplearn("train", "job.yaml")) +
        (await steplearn("score", "models/telco-churn", "new-customers.csv", "--output", "scores"));
      // The time is that of the machine, and this is another.
      const lines = expected.split("\n").filter((line) => !line.startsWith("time "));
      expect(printed.split("\n")).toEqual(expect.arrayContaining(lines));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("has TypeScript that runs", { timeout: 60_000 }, async () => {
    const [code] = blocks("ts");
    const folder = await mkdtemp(join(tmpdir(), "steplearn-readme-"));
    try {
      await symlink(resolve("examples"), join(folder, "examples"));
      await writeFile(
        join(folder, "readme.ts"),
        code.replace('"steplearn"', JSON.stringify(pathToFileURL(resolve("dist/index.mjs")).href)),
      );
      const { stdout } = await promisify(execFile)(process.execPath, ["readme.ts"], { cwd: folder });
      expect(Number(stdout.split(" ")[0])).toBeGreaterThan(0.83);
      expect(stdout).toContain(join("scores", "part-00000.parquet"));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
