/** Where everything in a job file stands. */
import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from "yaml";
import { type Path, pathText, type Where } from "./problem.ts";

export interface Positions {
  /** `churn.yaml:7:12`: line and column, from 1, of the value or key at a path, else of what is around it. */
  readonly where: Where;
  /** Finds a renamed key, and all below it, under its canonical name too. */
  rename(from: Path, to: Path): void;
}

interface Offsets {
  readonly key: number;
  readonly value: number;
}

export function positionsOf(document: Document, lines: LineCounter, fileName: string): Positions {
  const offsets = new Map<string, Offsets>();
  collect(document.contents, [], 0, offsets);
  return {
    where: (path, of = "value") => {
      let known = path;
      while (known !== "" && !offsets.has(known)) known = parentText(known);
      const { line, col } = lines.linePos(offsets.get(known || pathText([]))?.[of] ?? 0);
      return `${fileName}:${line}:${col}`;
    },
    rename: (from, to) => {
      const [old, canonical] = [pathText(from), pathText(to)];
      for (const [path, offset] of [...offsets]) {
        if (path === old || path.startsWith(`${old}.`) || path.startsWith(`${old}[`))
          offsets.set(canonical + path.slice(old.length), offset);
      }
    },
  };
}

/** `a.b[2]` lies in `a.b`, which lies in `a`. */
const parentText = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("."), path.lastIndexOf("["), 0));

/** An empty value stands where its key does. */
function collect(node: unknown, path: Path, key: number, offsets: Map<string, Offsets>): void {
  const range = isNode(node) ? node.range : undefined;
  const empty = !range || (isScalar(node) && range[0] === range[1]);
  const value = empty ? key : range[0];
  offsets.set(pathText(path), { key, value });
  if (isMap(node)) {
    for (const { key: name, value: child } of node.items) {
      if (isScalar(name)) collect(child, [...path, String(name.value)], name.range?.[0] ?? value, offsets);
    }
  }
  if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) collect(item, [...path, i], value, offsets);
  }
}
