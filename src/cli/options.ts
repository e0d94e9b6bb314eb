/** Options that several commands share, and how their texts are read. */
import { InvalidArgumentError, Option } from "commander";

export interface CommonOptions {
  readonly json?: true;
}

export interface StoreOptions extends CommonOptions {
  readonly store: string;
}

export const jsonOption = (): Option => new Option("--json", "print the result as JSON, and nothing else, on standard output");
export const storeOption = (): Option => new Option("--store <dir>", "folder of runs and loaded datasets").default(".steplearn");
export const threadsOption = (): Option =>
  new Option("--threads <n>", "compute threads; as many as the data keeps busy when left out").argParser(positiveInteger);

/** Of commands that read new data for a model. */
export interface NewDataOptions extends StoreOptions {
  readonly threads?: number;
  readonly missing?: readonly string[];
}

export const missingOption = (): Option =>
  new Option("--missing <text>", "text that means a missing value in the data, beside those of the model's job; may be repeated").argParser(
    collected,
  );

export function positiveInteger(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1 || !/^\d+$/.test(text)) throw new InvalidArgumentError("It must be an integer >= 1.");
  return n;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 0 on.");
  return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { "": 1, KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };

/** `3GB`, `1.5 GiB`, `500000000`. */
export function byteSize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * UNITS[(unit ?? "?").toUpperCase()]);
  if (!(bytes >= 1)) throw new InvalidArgumentError("It must be a size such as 3GB, 512MiB or 1000000000.");
  return bytes;
}

/** Names between commas; blanks around them do not count. */
export function nameList(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("It must be names between commas.");
  return names;
}

/** An option that may be given several times. */
export const collected = (text: string, before: readonly string[] = []): string[] => [...before, text];
