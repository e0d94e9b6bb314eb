/** What the commands share that speak with a deployed stack. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Aws, DEFAULT_STACK } from "../api/aws.ts";
import type { Remote } from "../api/remote.ts";
import { InputError } from "../ports/errors.ts";
import { shellWord } from "../report/text.ts";

export interface StackOptions {
  readonly stack: string;
}

export const stackOption = (): Option =>
  new Option("--stack <name>", "name of the deployed stack").env("STEPLEARN_STACK").default(DEFAULT_STACK);

export const onOption = (): Option =>
  new Option("--on <place>", "where to run: here, or aws for the deployed stack").default("here").argParser((text: string) => {
    if (text !== "here" && text !== "aws") throw new InvalidArgumentError("It must be here or aws.");
    return text;
  });

const HERE = ["store", "functions", "threads", "memory"];
const THERE = ["watch", "stack"];

/** InputError for an option that says nothing at the place where the command is to run; STEPLEARN_STACK may be set all the same. */
export function checkPlace(command: Command, on: string): void {
  const given = (names: readonly string[]): string | undefined => names.find((name) => command.getOptionValueSource(name) === "cli");
  const [here, there] = [given(HERE), given(THERE)];
  if (on === "aws" && here !== undefined) throw new InputError(`--${here} must come without --on aws, where the stack decides it`);
  if (on !== "aws" && there !== undefined) throw new InputError(`--${there} must come with --on aws`);
}

export async function remoteOf({ stack }: Aws): Promise<Remote> {
  const { openRemote } = await import("../api/remote.ts");
  return openRemote({ stack });
}

/** A command about a run of a stack, as the user would type it. */
export const commandOf = (verb: string, run: string, stack: string): string =>
  `steplearn ${verb} ${run}${stack === DEFAULT_STACK ? "" : ` --stack ${shellWord(stack)}`}`;
