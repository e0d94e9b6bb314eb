/** `npm run localstack`: starts the emulator, tells how to use it, and stops it with Ctrl-C. */
import { createAssetsBucket } from "./deploy.ts";
import { findMeans, startEmulator } from "./emulator.ts";

const means = await findMeans();
if ("missing" in means) {
  console.error(means.missing);
  process.exit(1);
}
const from = performance.now();
const emulator = await startEmulator(means, console.log);
await createAssetsBucket(emulator);
const exports = Object.entries(emulator.environment).map(([name, value]) => `${name}=${value}`);
console.log(`LocalStack 4.14.0 ${emulator.how} is ready after ${((performance.now() - from) / 1_000).toFixed(1)} s: ${emulator.endpoint}
Its log and every call of a function: ${emulator.folder}
In another shell, for example to deploy to it (npm run deploy):
  export ${exports.join(" ")}
Ctrl-C stops it and forgets everything in it.`);
const signal = new Promise<void>((resolve) => {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => resolve());
});
try {
  await Promise.race([signal, emulator.ended]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await emulator.stop();
}
