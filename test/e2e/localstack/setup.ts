/** Before the tests of this folder: an emulator of their own, stopped after the last of them. */
import type { TestProject } from "vitest/node";
import { findMeans, startEmulator } from "../../../localstack/emulator.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = await startEmulator(await findMeans(), console.log);
  const { endpoint, environment, folder } = emulator;
  // Workers are started after this, with the environment of this process.
  Object.assign(process.env, environment);
  project.provide("emulator", { endpoint, folder });
  return emulator.stop;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly emulator: { readonly endpoint: string; readonly folder: string };
  }
}
