import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import type { Handlers } from "../../src/adapters/local/functions.ts";
import { hashRow } from "../../src/kernels/hash.ts";
import type { FunctionName } from "../../src/ports/orchestrator.ts";
import { arrivals, BUCKET, type MemoryStore } from "../helpers/arrivals.ts";
import { type Json, ofType, synthesised, text } from "./synthesised.ts";

/** The emulator refuses nothing, so what each handler asks of the bucket is held to its role here. */
const roles = ofType(synthesised({ slots: 1 }), "AWS::IAM::Role");

function prefixes(handler: string, action: string): string[] {
  const role = Object.entries(roles).find(([id]) => id.startsWith(`SteplearnRole${handler}`))?.[1];
  const statements: Json[] = role.Policies[0].PolicyDocument.Statement;
  return statements
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => [Resource].flat().map(text))
    .map((arn) => arn.replace("<Bucket.Arn>/", "").replace(/\*$/, ""));
}

const FREE = "lambda:GetAccountSettings";
type Asked = Readonly<Record<"s3:GetObject" | "s3:PutObject" | typeof FREE, Set<string>>>;

/** What handlers asked for, by name, while they ran. */
function watcher() {
  const running = new AsyncLocalStorage<FunctionName>();
  const asked: Record<string, Asked> = {};
  const note = (action: keyof Asked, key: string): void => {
    const name = running.getStore();
    if (name === undefined) return;
    asked[name] ??= { "s3:GetObject": new Set(), "s3:PutObject": new Set(), [FREE]: new Set() };
    asked[name][action].add(key.replace(`${BUCKET}/`, ""));
  };
  return {
    asked,
    onFunctions: () => note(FREE, ""),
    handlers: (handlers: Handlers): Handlers => {
      const noted = (name: FunctionName) => (payload: unknown) => running.run(name, () => handlers[name](payload));
      return { planner: noted("planner"), mapper: noted("mapper"), reducer: noted("reducer"), publisher: noted("publisher") };
    },
    watched: (store: MemoryStore): MemoryStore => ({
      ...store,
      read: (key, ...rest) => {
        note("s3:GetObject", key);
        return store.read(key, ...rest);
      },
      info: (key) => {
        note("s3:GetObject", key);
        return store.info(key);
      },
      write: (key, content, condition) => {
        note("s3:PutObject", key);
        if (typeof condition === "object") note("s3:GetObject", key);
        return store.write(key, content, condition);
      },
    }),
  };
}

const uniform = (seed: number, i: number): number => hashRow(seed, i) / 2 ** 32;
const rows = (count: number, of: (i: number) => string): string => `x,colour,y\n${Array.from({ length: count }, (_, i) => of(i)).join("")}`;
const line = (i: number, y: string | number): string => `${uniform(1, i).toFixed(4)},${["red", "blue"][hashRow(2, i) % 2]},${y}\n`;
const classes = rows(400, (i) => line(i, uniform(1, i) + uniform(3, i) > 1 ? "yes" : "no"));
const numbers = rows(400, (i) => line(i, 2 * uniform(1, i) + uniform(3, i)));

describe.each([1, 3])("handlers on %i functions", (functions) => {
  it("ask of the bucket what their roles may, in training, searching, scoring, updating and failing", async () => {
    const { asked, ...seams } = watcher();
    const stack = arrivals({ functions, ...seams });
    await stack.train("churn", { label: "y", model: { logisticRegression: {} }, split: { test: 0.2, stratify: true } }, classes);
    await stack.train("sales", { label: "y", model: { linearRegression: {} }, tune: { folds: 2, grid: { regParam: [0, 1] } } }, numbers);
    await stack.deliver(await stack.put("score/in/churn/new.csv", classes));
    // Two at once: one of them finds that the other has published before it, and goes on from there.
    const arrived = [await stack.put("train/in/sales/a.csv", numbers), await stack.put("train/in/sales/b.csv", numbers)];
    await Promise.all(arrived.map((event) => stack.deliver(event)));
    await stack.deliver(await stack.put("score/in/churn/bad.csv", "a,b\n1,2\n"));
    expect(stack.letters.map(({ object }) => object.key)).toEqual(["score/in/churn/bad.csv"]);
    expect(stack.objects.keys().some((key) => key.startsWith(`${BUCKET}/score/out/churn/new.csv/`))).toBe(true);

    expect(new Set(Object.keys(asked))).toEqual(new Set(["planner", "mapper", "publisher", ...(functions > 1 ? ["reducer"] : [])]));
    for (const [handler, actions] of Object.entries(asked)) {
      for (const [action, keys] of Object.entries(actions)) {
        const may = prefixes(handler, action);
        const refused = [...keys].filter((key) => !may.some((prefix) => key.startsWith(prefix)));
        expect(refused, `${handler} ${action}`).toEqual([]);
      }
    }
  });
});
