/** Runs a command and takes its time: wall and CPU of it and its children, and what the whole machine did meanwhile. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

export interface Measured {
  readonly stdout: string;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** CPU seconds of all processes of the machine in that time. */
  readonly busySeconds: number;
}

/** Cores that others may use: more, and a time says little. */
export const NOISE = 0.15;

/** Rejects with the end of what the command said when it fails. */
export async function measure(command: readonly string[]): Promise<Measured> {
  const from = busySeconds();
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
  const busy = busySeconds() - from;
  if (code !== 0) throw new Error(`${command.join(" ")} must succeed, got exit code ${code}:\n${stderr.slice(-2_000)}`);
  const [wallSeconds, user, system] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { stdout, wallSeconds, cpuSeconds: user + system, busySeconds: busy };
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
