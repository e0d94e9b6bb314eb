/** Starts LocalStack on 127.0.0.1 and a free port: in Docker where that runs, else as a process of this machine. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPython, pythonEnvironment } from "./python.ts";
import { type ClientEnvironment, clientEnvironment, emulatorEnvironment } from "./settings.ts";

export interface Emulator {
  readonly endpoint: string;
  /** For clients, the CDK and `steplearn --on aws`. */
  readonly environment: ClientEnvironment;
  /** How it runs, in words. */
  readonly how: string;
  /** Folder of `emulator.log`, `journal.ndjson` (every call of a function) and `faults/*.json` (what goes wrong); gone after `stop`. */
  readonly folder: string;
  /** Rejects when the emulator ends without having been stopped. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

const EXECUTOR = join(import.meta.dirname, "executor");
const IMAGE = "steplearn-localstack:4.14.0";
const START_SECONDS = 90;
/** It needs 3 s to end its services and more to end itself, with nothing left to lose. */
const STOP_SECONDS = 4;

/** What could run the emulator here, or the reason why nothing can. */
export type Means = { readonly kind: "docker" } | { readonly kind: "python"; readonly python: string } | { readonly missing: string };

export async function findMeans(environment: NodeJS.ProcessEnv = process.env): Promise<Means> {
  if (await dockerRuns()) return { kind: "docker" };
  const python = await findPython(environment);
  if (python !== null) return { kind: "python", python };
  return {
    missing:
      "LocalStack needs Docker or Python 3.13 (with venv), and neither was found: `docker info` fails, and no python3.13 answers. " +
      "Install one of them (uv python install 3.13, pyenv install 3.13, brew install python@3.13, apt install python3.13-venv), " +
      "or name it: PYTHON=/path/to/python3.13",
  };
}

/** A client without its daemon is no Docker. */
async function dockerRuns(): Promise<boolean> {
  try {
    await promisify(execFile)("docker", ["info"], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Starts it and waits until it answers. Whoever starts it stops it; a process is stopped with this one in any case. */
export async function startEmulator(means: Means, tell: (line: string) => void = () => {}): Promise<Emulator> {
  if ("missing" in means) throw new Error(means.missing);
  const folder = await mkdtemp(join(tmpdir(), "steplearn-localstack-"));
  for (const name of ["faults", "fs", "tmp", "cache"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "journal.ndjson"), "");
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const log = openSync(join(folder, "emulator.log"), "a");
  try {
    const child =
      means.kind === "docker" ? await inDocker(port, folder, log, tell) : await asProcess(means.python, port, folder, log, tell);
    const running = watch(
      child,
      folder,
      means.kind === "docker" ? () => removed(containerOf(port)) : async () => void child.kill("SIGKILL"),
    );
    try {
      await Promise.race([answers(endpoint), running.ended]);
    } catch (error) {
      await running.stop();
      throw error;
    }
    return {
      endpoint,
      environment: clientEnvironment(endpoint),
      how: means.kind === "docker" ? `in Docker (${IMAGE})` : `as process ${child.pid} of ${means.python}`,
      folder,
      ...running,
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    closeSync(log);
  }
}

async function asProcess(python: string, port: number, folder: string, log: number, tell: (line: string) => void): Promise<ChildProcess> {
  const interpreter = await pythonEnvironment(python, tell);
  const { PATH, HOME, LANG } = process.env;
  return spawn(interpreter, ["-m", "localstack.runtime.main"], {
    // Ctrl-C reaches the starter alone, which then stops the emulator.
    detached: true,
    stdio: ["ignore", log, log],
    env: {
      ...(PATH !== undefined && { PATH }),
      ...(HOME !== undefined && { HOME }),
      ...(LANG !== undefined && { LANG }),
      ...emulatorEnvironment(`127.0.0.1:${port}`, `127.0.0.1:${port}`),
      OVERRIDE_IN_DOCKER: "0",
      FILESYSTEM_ROOT: join(folder, "fs"),
      TMPDIR: join(folder, "tmp"),
      XDG_CACHE_HOME: join(folder, "cache"),
      PYTHONPATH: EXECUTOR,
      PYTHONDONTWRITEBYTECODE: "1",
      STEPLEARN_NODE: createRequire(import.meta.url).resolve("node/bin/node"),
      STEPLEARN_PARENT: String(process.pid),
      STEPLEARN_JOURNAL: join(folder, "journal.ndjson"),
      STEPLEARN_FAULTS: join(folder, "faults"),
    },
  });
}

async function inDocker(port: number, folder: string, log: number, tell: (line: string) => void): Promise<ChildProcess> {
  tell(`building ${IMAGE}: once, about 1.5 GB to download`);
  await promisify(execFile)("docker", ["build", "--quiet", "--tag", IMAGE, import.meta.dirname], { maxBuffer: 64 * 2 ** 20 });
  const settings = {
    // Inside, functions and clients' URLs meet at the same port as outside.
    ...emulatorEnvironment(`0.0.0.0:${port}`, `127.0.0.1:${port}`),
    STEPLEARN_JOURNAL: join(folder, "journal.ndjson"),
    STEPLEARN_FAULTS: join(folder, "faults"),
  };
  return spawn(
    "docker",
    [
      "run",
      "--rm",
      "--init",
      "--name",
      containerOf(port),
      "--publish",
      `127.0.0.1:${port}:${port}`,
      "--volume",
      `${folder}:${folder}`,
      ...Object.entries(settings).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      IMAGE,
    ],
    { detached: true, stdio: ["ignore", log, log] },
  );
}

const containerOf = (port: number): string => `steplearn-localstack-${port}`;

/** A container lives on without the command that started it. */
async function removed(container: string): Promise<void> {
  await promisify(execFile)("docker", ["rm", "--force", container]).catch(() => {});
}

/** `end` ends it at once. */
function watch(child: ChildProcess, folder: string, end: () => Promise<void>): Pick<Emulator, "ended" | "stop"> {
  let stopping = false;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  const ended = gone.then(async () => {
    if (stopping) return new Promise<never>(() => {});
    throw new Error(`LocalStack must keep running, but ended; the end of its log:\n${await lastLines(join(folder, "emulator.log"))}`);
  });
  // Whoever awaits it sees the reason; nobody has to.
  ended.catch(() => {});
  return {
    ended,
    stop: async () => {
      stopping = true;
      child.kill("SIGTERM");
      if (!(await within(gone, STOP_SECONDS))) await end();
      await gone;
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function answers(endpoint: string): Promise<void> {
  for (const from = Date.now(); Date.now() - from < START_SECONDS * 1_000; ) {
    const answer = await fetch(`${endpoint}/_localstack/health`).catch(() => null);
    if (answer?.ok) return;
    await within(new Promise(() => {}), 0.1);
  }
  throw new Error(`LocalStack must answer within ${START_SECONDS} s, got no answer at ${endpoint}`);
}

async function within(promise: Promise<unknown>, seconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1_000);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no free port"))));
      });
  });
}

/** LocalStack writes whole state machines into one line. */
async function lastLines(path: string): Promise<string> {
  const lines = (await readFile(path, "utf8")).trim().split("\n").slice(-25);
  return lines.map((line) => line.slice(0, 300)).join("\n");
}
