import { expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";

it.each(commands.map((create) => [create().name(), create] as const))("%s helps by an example", (name, create) => {
  let help = "";
  create()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
    })
    .outputHelp();
  expect(help).toMatch(new RegExp(`Examples?:\\n {2}steplearn ${name} `));
  expect(help).toContain("--json");
});
