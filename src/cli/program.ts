/** The command line. Commands load what they need when they run, so that help and mistakes answer at once. */
import { Command, CommanderError } from "commander";
import { version } from "../model/version.ts";
import { commands } from "./commands.ts";
import { EXIT, exitCodeOf, failureText } from "./fail.ts";
import { say } from "./output.ts";

const HELP = `
Examples:
  steplearn init customers.csv --label churn     write a job file from a look at the data
  steplearn train job.yaml                       train, and publish the model
  steplearn score models/churn new.csv --output scores`;

/** Zstandard in node:zlib, and Promise.withResolvers in the interpreter of the state machine. */
const NODE_AT_LEAST = [22, 15] as const;

function isOldNode(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major < NODE_AT_LEAST[0] || (major === NODE_AT_LEAST[0] && minor < NODE_AT_LEAST[1]);
}

async function main(): Promise<number> {
  if (isOldNode(process.versions.node)) {
    say(
      `steplearn must run on Node ${NODE_AT_LEAST.join(".")} or newer, got ${process.versions.node}; in this project's folder, npm scripts use the one that npm ci installed`,
    );
    return EXIT.input;
  }
  const program = new Command("steplearn")
    .description("Trains models on tables too big for one machine, without a cluster; the same rounds run here.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", HELP);
  for (const create of commands) {
    program.addCommand(create().helpOption("-h, --help", "print this help"));
  }
  for (const command of [program, ...program.commands]) {
    const name = command === program ? "steplearn" : `steplearn ${command.name()}`;
    command.exitOverride().configureOutput({ outputError }).showHelpAfterError(`(${name} --help tells more)`);
  }
  try {
    await program.parseAsync();
    return EXIT.ok;
  } catch (error) {
    // Commander has said what was wrong; asking for help or the version is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input;
    say(failureText(error, process.env.STEPLEARN_DEBUG === "1"));
    return exitCodeOf(error);
  }
}

/** Every mistake begins alike, whoever finds it. */
function outputError(text: string, write: (text: string) => void): void {
  write(text.replace(/^error: /, "steplearn: "));
}

/** A reader that has seen enough, as `head` does, is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
});
process.exitCode = await main();
