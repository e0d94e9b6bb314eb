/** The command line as users start it: a process of its own. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** Built before the tests run; what users start. */
const MAIN = resolve("dist/cli.mjs");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Sees all of standard error so far. */
type OnError = (text: string, kill: (signal: NodeJS.Signals) => void) => void;

/** `steplearn` in a folder. */
export const commandLine =
  (folder: string) =>
  (args: readonly string[], onError: OnError = () => undefined): Promise<Ended> =>
    new Promise((answer, reject) => {
      const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { ...process.env, STEPLEARN_DEBUG: "" } });
      let out = "";
      let err = "";
      child.stdout.on("data", (chunk) => {
        out += chunk;
      });
      child.stderr.on("data", (chunk) => {
        err += chunk;
        onError(err, (signal) => child.kill(signal));
      });
      child.on("error", reject);
      child.on("close", (code) => answer({ code, out, err }));
    });
