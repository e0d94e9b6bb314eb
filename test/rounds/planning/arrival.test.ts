import { describe, expect, it } from "vitest";
import { hashRow } from "../../../src/kernels/hash.ts";
import type { ScoresManifest } from "../../../src/model/scores.ts";
import { writeJson } from "../../../src/ports/json.ts";
import type { Profile } from "../../../src/profile/profile.ts";
import { type ArrivalEvent, arrivals, BUCKET } from "../../helpers/arrivals.ts";
import { parquetRows } from "../../helpers/parquet-rows.ts";

const uniform = (seed: number, i: number): number => hashRow(seed, i) / 2 ** 32;
const rowsOf = (n: number, from = 0): string =>
  `x,colour,y\n${Array.from({ length: n }, (_, r) => {
    const i = from + r;
    return `${uniform(1, i).toFixed(4)},${["red", "blue"][hashRow(2, i) % 2]},${uniform(1, i) + uniform(3, i) > 1 ? "yes" : "no"}\n`;
  }).join("")}`;
const withoutLabel = (csv: string): string => csv.replace(/,[^,\n]*\n/g, "\n");

async function withModel(options: Parameters<typeof arrivals>[0] = {}) {
  const stack = arrivals(options);
  const version = await stack.train("churn", { label: "y", model: { logisticRegression: {} } }, rowsOf(500));
  return { stack, version };
}

const manifestOf = (stack: ReturnType<typeof arrivals>, rest: string): Promise<ScoresManifest> =>
  stack.json(`score/out/churn/${rest}/manifest.json`);

async function predictions(stack: ReturnType<typeof arrivals>, rest: string): Promise<Record<string, unknown>[]> {
  const { files } = await manifestOf(stack, rest);
  const parts = await Promise.all(
    files.map(async (file) => parquetRows(await stack.objects.read(`${BUCKET}/score/out/churn/${rest}/${file}`))),
  );
  return parts.flat();
}

/** As LocalStack tells keys. */
const encoded = (event: ArrivalEvent): ArrivalEvent => {
  const { object } = event.detail;
  return { detail: { ...event.detail, object: { ...object, key: object.key.split("/").map(encodeURIComponent).join("/") } } };
};

describe("an object under score/in", () => {
  it.each([1, 3])("is scored with the model that its key names, on %i functions", async (functions) => {
    const { stack, version } = await withModel({ functions });
    const event = await stack.put("score/in/churn/day/new.csv", rowsOf(40, 1_000));
    expect(await stack.deliver(event)).toBe(true);
    const manifest = await manifestOf(stack, "day/new.csv");
    expect(manifest).toMatchObject({
      model: { name: "churn", version },
      input: { bucket: BUCKET, key: "score/in/churn/day/new.csv", versionId: "v1" },
      rows: 40,
      files: [expect.stringMatching(/^part-[0-9a-f]{8}-00000\.parquet$/)],
      metrics: { accuracy: expect.any(Number) },
    });
    const rows = await predictions(stack, "day/new.csv");
    expect(rows).toHaveLength(40);
    expect(Object.keys(rows[0])).toEqual(["row", "y", "prediction", "probability_no", "probability_yes"]);
    expect(stack.letters).toEqual([]);
  });

  it("is scored once, however often its arrival is told", async () => {
    const { stack } = await withModel();
    const event = await stack.put("score/in/churn/new.csv", withoutLabel(rowsOf(40, 1_000)));
    const started = await Promise.all(Array.from({ length: 5 }, () => stack.deliver(event)));
    expect(started.filter(Boolean)).toHaveLength(1);
    expect(stack.objects.keys().filter((key) => key.startsWith(`${BUCKET}/score/out/`))).toHaveLength(2);

    // Where the names of executions do not tell, the run's does: the same files, the same bytes.
    const before = await manifestOf(stack, "new.csv");
    await Promise.all(["again", "and-again"].map((name) => stack.start("scoring", name, { score: before.input })));
    expect(await manifestOf(stack, "new.csv")).toEqual(before);
    expect(stack.objects.keys().filter((key) => key.startsWith(`${BUCKET}/score/out/`))).toHaveLength(2);
    expect(stack.store.keys().filter((key) => /^runs\/score-[^/]+\/plan.json$/.test(key))).toHaveLength(1);
  });

  it.each(["a b.csv", "a+b.csv", "é.csv", "100%20.csv", "100%.csv", "a[1]*{x}?.csv"])(
    "may be called %s, told as it is or percent-encoded",
    async (name) => {
      const { stack } = await withModel();
      const event = await stack.put(`score/in/churn/${name}`, rowsOf(5, 1_000));
      await stack.deliver(event);
      expect((await manifestOf(stack, name)).input?.key).toBe(`score/in/churn/${name}`);
      const again = await stack.put(`score/in/churn/${name}`, rowsOf(6, 1_000));
      await stack.deliver(encoded(again));
      expect(await manifestOf(stack, name)).toMatchObject({ rows: 6, input: { key: `score/in/churn/${name}` } });
      expect(stack.letters).toEqual([]);
    },
  );

  it("is not mixed up with the object that its encoded key would name", async () => {
    const { stack } = await withModel();
    const spaced = await stack.put("score/in/churn/a b.csv", rowsOf(5, 1_000));
    await stack.put("score/in/churn/a%20b.csv", rowsOf(7, 1_000));
    await stack.deliver(encoded(spaced));
    expect((await manifestOf(stack, "a b.csv")).rows).toBe(5);
  });

  it("is ignored when it is empty", async () => {
    const { stack } = await withModel();
    expect(await stack.deliver(await stack.put("score/in/churn/folder", ""))).toBe(false);
    expect(stack.letters).toEqual([]);
  });

  it("is told how far it differs from the training rows", async () => {
    const { stack, version } = await withModel();
    const profile = await stack.json<Profile>(`models/churn/${version}/profile.json`);
    expect(profile.columns.map(({ name, type }) => [name, type])).toEqual([
      ["x", "number"],
      ["colour", "string"],
      ["y", "string"],
    ]);
    await stack.deliver(await stack.put("score/in/churn/same.csv", rowsOf(300, 1_000)));
    const same = await manifestOf(stack, "same.csv");
    expect(same.drift).toMatchObject({ rows: 300, changed: [], columns: { x: { missing: 0, missingChange: 0 } } });
    expect(same.drift?.columns.x.psi).toBeLessThan(0.15);
    await stack.deliver(
      await stack.put(
        "score/in/churn/other.csv",
        rowsOf(300, 1_000)
          .replaceAll("blue", "green")
          .replaceAll(/0[.][0-4]/g, "5.1"),
      ),
    );
    expect((await manifestOf(stack, "other.csv")).drift?.changed).toEqual(["x", "colour"]);
  });

  it("is scored by the pinned version where there is one", async () => {
    const { stack, version } = await withModel();
    await stack.train("churn", { label: "y", model: { logisticRegression: {} } }, rowsOf(300), "churn-2");
    await writeJson(stack.objects, `${BUCKET}/models/churn/pinned.json`, { version });
    await stack.deliver(await stack.put("score/in/churn/a.csv", rowsOf(5)));
    expect((await manifestOf(stack, "a.csv")).model.version).toBe(version);
    await writeJson(stack.objects, `${BUCKET}/models/churn/pinned.json`, { version: "gone" });
    await stack.deliver(await stack.put("score/in/churn/b.csv", rowsOf(5)));
    expect(stack.letters[0].reason).toContain('pinned.json must name a version of the model, got "gone"');
  });
});

describe("what cannot be scored", () => {
  it.each([
    [
      "score/in/nope/a.csv",
      rowsOf(5),
      "must name a model as its third folder, got nope (there: churn); once that is mended upload the object again",
    ],
    ["score/in/a.csv", rowsOf(5), "the key must be score/in/MODEL/NAME_OF_THE_FILE, got score/in/a.csv"],
    ["score/in/churn/a.csv", "x,y\n1,yes\n", "data must have the columns that model churn was trained on, got none called colour"],
    [
      "score/in/churn/b.csv",
      'x,colour,y\n"1,red,yes\n',
      "quotes must balance, got own/score/in/churn/b.csv, in which a quote is never closed: the first row with one out of place starts on line 2",
    ],
    ["score/in/churn/c.parquet", "not one", "c.parquet"],
  ])("%s goes to the dead letters with the reason, and nothing is half written", async (key, content, reason) => {
    const { stack } = await withModel();
    await stack.deliver(await stack.put(key, content));
    await stack.deliver(await stack.put("score/in/churn/good.csv", rowsOf(5)));
    expect(stack.letters).toHaveLength(1);
    expect(stack.letters[0]).toMatchObject({ object: { key }, error: "InputError" });
    expect(stack.letters[0].reason).toContain(reason);
    expect((await manifestOf(stack, "good.csv")).rows).toBe(5);
    expect(stack.objects.keys().filter((name) => name.endsWith("manifest.json"))).toHaveLength(1);
  });

  it("is left to the scoring of what has replaced it", async () => {
    let replace = async (): Promise<void> => {};
    const { stack } = await withModel({
      handlers: (handlers) => ({
        ...handlers,
        publisher: async (payload) => {
          await replace();
          return handlers.publisher(payload);
        },
      }),
    });
    const first = await stack.put("score/in/churn/a.csv", rowsOf(5));
    let second: ArrivalEvent | undefined;
    replace = async () => {
      second ??= await stack.put("score/in/churn/a.csv", rowsOf(9, 50));
    };
    await stack.deliver(first);
    expect(stack.objects.keys().filter((name) => name.endsWith("manifest.json"))).toEqual([]);
    await stack.deliver(second as ArrivalEvent);
    expect((await manifestOf(stack, "a.csv")).rows).toBe(9);
    expect(await predictions(stack, "a.csv")).toHaveLength(9);
  });
});
