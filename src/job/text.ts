/**
 * A job's text, YAML or JSON, as plain data whose places are known. Apart from what checks it, whose schemas take as long to load as threads
 * to start: who has the text may begin with the data meanwhile.
 */
import { type Document, LineCounter, parseDocument } from "yaml";
import { InputError } from "../ports/errors.ts";
import { type Positions, positionsOf } from "./positions.ts";

export interface JobText extends Positions {
  readonly form: unknown;
  readonly fileName: string;
}

/** Faults of a text that are told: after the first few of what is no job at all the others say nothing. */
const FAULTS = 5;

/** InputError lists the faults of the text, each with its place. */
export function readText(text: string, fileName: string): JobText {
  // What decoding puts for bytes that are none, and what UTF-16 has beside every letter.
  const bad = /[\0\ufffd]/.exec(text);
  if (bad !== null) {
    const line = text.slice(0, bad.index).split("\n").length;
    throw new InputError(`${fileName}:${line}: a job must be UTF-8 text, got other bytes; save the file as UTF-8`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const positions = positionsOf(document, lines, fileName);
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `${fileName}:${line}:${col}: ${lowerFirst(message)}`;
  });
  if (faults.length > 0) throw new InputError(faults.slice(0, FAULTS).join("\n"));
  return { ...positions, form: plainData(document, fileName), fileName };
}

/** Paths of the data in a job that nobody has checked yet; what is no path is left out. */
export function dataPathsOf({ form }: JobText): string[] {
  const data = (form as { data?: unknown } | null)?.data;
  const path = (data as { path?: unknown } | null | undefined)?.path ?? data;
  return [path].flat().filter((one) => typeof one === "string");
}

/** Aliases (`*name`) that would unfold into very much are refused by the parser. */
function plainData(document: Document, fileName: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new InputError(`${fileName}: ${lowerFirst((error as Error).message)}`, { cause: error });
  }
}

/** The parser's sentences, as ours: lower case, no full stop. */
const lowerFirst = (sentence: string): string => sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.$/, "");
