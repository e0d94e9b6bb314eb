/** Looks at a store after a run, however it ended: what is to be seen by others is whole, or is not there. */
import { createHash } from "node:crypto";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { expect } from "vitest";
import { fileStore } from "../../src/adapters/local/file-store.ts";
import { type Manifest, partPlaces, readPart } from "../../src/data/manifest.ts";
import { readModel } from "../../src/model/read.ts";
import type { ScoresManifest } from "../../src/model/scores.ts";
import { readJson } from "../../src/ports/json.ts";

export interface Seen {
  models: number;
  datasets: number;
  scores: number;
}

/** Fails for a model, dataset or folder of scores that is announced and not whole; answers how many there are. */
export async function expectWhole(root: string): Promise<Seen> {
  const store = fileStore(root);
  const seen: Seen = { models: 0, datasets: 0, scores: 0 };
  for await (const { key } of store.list("")) {
    const [, folder, name] = /^(.*)\/([^/]+)$/.exec(key) ?? [];
    if (name === "latest.json") {
      const { version } = await readJson<{ version: string }>(store, key);
      expect(await store.info(`${folder}/${version}/model.json`)).toBeDefined();
    } else if (key.startsWith("models/") && name === "model.json") {
      const { blobs, metrics } = await readModel(store, key);
      const weights = await store.read(`${folder}/weights.bin`);
      expect(createHash("sha256").update(weights).digest("hex")).toBe(blobs["weights.bin"]);
      expect(await readJson(store, `${folder}/metrics.json`)).toMatchObject(metrics);
      seen.models++;
    } else if (key.startsWith("datasets/") && name === "manifest.json") {
      const manifest = await readJson<Manifest>(store, key);
      const parts = await Promise.all(partPlaces(manifest).map((place) => readPart(store, manifest, place)));
      expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(manifest.rows);
      seen.datasets++;
    } else if (key.startsWith("scores/") && name === "manifest.json") {
      const { files, rows } = await readJson<ScoresManifest>(store, key);
      const scored = await Promise.all(
        files.map(async (file) => parquetReadObjects({ file: await asyncBufferFromFile(`${root}/${folder}/${file}`) })),
      );
      expect(scored.flat().map(({ row }) => Number(row))).toEqual(Array.from({ length: rows }, (_, row) => row));
      seen.scores++;
    }
  }
  return seen;
}
