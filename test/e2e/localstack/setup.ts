/** Before the tests of this folder: an emulator of their own with the stack in it, both removed after the last of them. */
import type { TestProject } from "vitest/node";
import { deploy, destroy, type Outputs } from "../../../localstack/deploy.ts";
import { findMeans, startEmulator } from "../../../localstack/emulator.ts";

export const STACK = "steplearn";
/** Eight mappers, and executions whose history ends early. */
const CHOICES = { slots: "8", maxEvents: "200" };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const since = clock();
  const emulator = await startEmulator(await findMeans(), console.log);
  console.log(`emulator ready after ${since()} s`);
  try {
    const outputs = await deploy(emulator, STACK, CHOICES);
    console.log(`stack deployed after ${since()} s`);
    // Workers are started after this, with the environment of this process.
    Object.assign(process.env, emulator.environment);
    project.provide("emulator", { endpoint: emulator.endpoint, folder: emulator.folder, outputs });
  } catch (error) {
    await emulator.stop();
    throw error;
  }
  return async () => {
    console.log(`tests ended after ${since()} s`);
    try {
      await destroy(emulator, STACK, CHOICES);
      console.log(`stack destroyed after ${since()} s`);
    } finally {
      await emulator.stop();
      console.log(`emulator stopped after ${since()} s`);
    }
  };
}

function clock(): () => string {
  const from = performance.now();
  return () => ((performance.now() - from) / 1_000).toFixed(0);
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly emulator: { readonly endpoint: string; readonly folder: string; readonly outputs: Outputs };
  }
}
