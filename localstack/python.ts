/** The Python environment of the emulator: made once in `localstack/.cache`, of pinned packages. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, ".cache");
const LOCK = join(import.meta.dirname, "requirements.lock");

/** LocalStack 4.14.0 says 3.10 or newer, but imports what only 3.13 has; newer ones have not been tried. */
const VERSION = "3.13";

/**
 * Path of a Python 3.13, or null. Each candidate is asked for its version, because a version manager's `python3.13` may be a stub that only
 * prints an error.
 */
export async function findPython(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const candidates = [environment.PYTHON, "python3.13", "python3", "python"].filter(
    (name) => name !== undefined && name !== "",
  ) as string[];
  for (const candidate of candidates) if (await isRight(candidate)) return candidate;
  for (const candidate of await managed()) if (await isRight(candidate)) return candidate;
  return null;
}

async function isRight(candidate: string): Promise<boolean> {
  const program = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2])";
  return (await said(candidate, ["-c", program])) === VERSION;
}

/** Pythons that version managers hold without having them on the PATH. */
async function managed(): Promise<string[]> {
  const found: string[] = [];
  const uv = await said("uv", ["python", "find", VERSION]);
  if (uv !== null) found.push(uv);
  const root = await said("pyenv", ["root"]);
  const versions = root === null ? [] : await readdir(join(root, "versions")).catch(() => []);
  for (const version of versions)
    if (version.startsWith(`${VERSION}.`)) found.push(join(root as string, "versions", version, "bin", "python3.13"));
  return found;
}

/** What a command prints, or null where it fails or is not there. */
async function said(command: string, parameters: readonly string[]): Promise<string | null> {
  try {
    return (await run(command, parameters, { timeout: 20_000 })).stdout.trim();
  } catch {
    return null;
  }
}

/** The interpreter of the environment, which is installed where it is not there yet: about a minute and 500 MB. */
export async function pythonEnvironment(python: string, tell: (line: string) => void): Promise<string> {
  const lock = await readFile(LOCK, "utf8");
  const folder = join(CACHE, `python-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`);
  const interpreter = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (
    await access(complete).then(
      () => true,
      () => false,
    )
  )
    return interpreter;
  tell(`installing LocalStack with ${python} into ${folder}: once, about a minute and 500 MB`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await installed(python, ["-m", "venv", folder]);
  await installed(interpreter, ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r", LOCK]);
  // Written last of all: an installation that was cut off is done again.
  await writeFile(complete, "");
  return interpreter;
}

async function installed(command: string, parameters: readonly string[]): Promise<void> {
  try {
    await run(command, parameters, { maxBuffer: 64 * 2 ** 20 });
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    throw new Error(`${command} ${parameters.join(" ")} must succeed to install LocalStack, got:\n${stderr.trim() || message}`);
  }
}
