/** Runs a command and takes its time: wall and CPU of it and its children, and what other processes took of the machine meanwhile. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

export interface Measured {
  readonly stdout: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Cores that others used on average; above `NOISE` a time says little. */
  readonly othersCores: number;
}

/** Two cores differ by as much from run to run when nothing else runs. */
export const NOISE = 0.15;

/** Rejects with the end of what the command said when it fails. */
export async function measure(command: readonly string[]): Promise<Measured> {
  const from = busySeconds();
  const start = performance.now();
  // The shell's clock knows the CPU of the whole tree of processes.
  const child = spawn("bash", ["-c", 'TIMEFORMAT="%R %U %S"; time "$@"', "bash", ...command], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  const seconds = (performance.now() - start) / 1_000;
  const busy = busySeconds() - from;
  if (code !== 0) throw new Error(`${command.join(" ")} must succeed, got exit code ${code}:\n${stderr.slice(-2_000)}`);
  const [wallSeconds, user, system] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { stdout, wallSeconds, cpuSeconds: user + system, othersCores: Math.max(0, (busy - user - system) / seconds) };
}

/** CPU seconds of all processes since the machine started. */
const busySeconds = (): number => cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1_000;

/** Waits until the machine has been quiet for a second, at most so long; answers the cores in use at the end. */
export async function untilQuiet(patienceSeconds: number): Promise<number> {
  const end = performance.now() + 1_000 * patienceSeconds;
  for (;;) {
    const [busy, start] = [busySeconds(), performance.now()];
    await sleep(1_000);
    const cores = ((busySeconds() - busy) * 1_000) / (performance.now() - start);
    if (cores <= NOISE || performance.now() >= end) return cores;
  }
}

export const machine = (): string =>
  `${availableParallelism()} x ${cpus()[0].model}, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
