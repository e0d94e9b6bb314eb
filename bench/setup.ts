/** Installs the peers into a Python environment of their own, and writes the data: `node bench/setup.ts [--spark]`. What is there stays. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { BENCH, DATA, PYTHON } from "./contestants.ts";

const { values } = parseArgs({ options: { spark: { type: "boolean", default: false } } });

const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: "inherit" });

// The pinned numpy has no wheels for older Pythons.
run("python3", "-c", 'import sys; sys.version_info >= (3, 11) or sys.exit(f"python3 must be 3.11 or newer, got {sys.version}")');
if (!existsSync(PYTHON)) run("python3", "-m", "venv", `${BENCH}.venv`);
const files = ["requirements.txt", ...(values.spark ? ["requirements-spark.txt"] : [])];
run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...files.flatMap((file) => ["-r", `${BENCH}${file}`]));
if (values.spark) run("java", "-version");
// Written last of all.
if (!existsSync(`${DATA}/tiny.csv`)) run(PYTHON, `${BENCH}data.py`, DATA);
