/**
 * What AWS takes, in seconds: for forecasts and for the simulation in `bench/cloud`. Put together in September 2026; AWS publishes few of
 * these figures, so each says where it is from and how far to trust it. Prices: `prices.ts`.
 */
export const CLOUD = {
  storage: {
    /** First byte, median and 99th of 100: 30 and 80 ms measured by Quickwit ("S3 Express speculations"); AWS says tens, and 100-200. Medium. */
    read: { median: 0.03, p99: 0.08 },
    /** A small object until it is durable: no published figure; half as much again. Low. */
    write: { median: 0.045, p99: 0.12 },
    /** One connection: 85-90 MB/s by AWS's guide, 80 measured by Quickwit. Medium. */
    connectionBytesPerSecond: 80e6,
    /** All connections of a function: no published figure; three connections' worth. Low. */
    functionBytesPerSecond: 240e6,
    /** Of one range; what is larger is read or written by several connections. Our own (`adapters/aws`). */
    rangeBytes: 8 * 2 ** 20,
    connections: 8,
  },
  lambda: {
    /** A function with the AWS clients in its bundle until its handler runs: 375 ms of initialisation (speedrun.nobackspacecrew.com, July 2025), and room for it. Medium. */
    cold: { median: 0.5, p99: 1 },
    /** A call to a function that is there: no published figure. Low. */
    warm: { median: 0.015, p99: 0.05 },
    /** New environments of one function in ten seconds (AWS, "Lambda function scaling"). High. */
    environmentsIn10Seconds: 1_000,
    /**
     * A virtual CPU on arm64 against a thread of the machine that `throughput.ts` was measured on: no figure for WebAssembly on Graviton2;
     * its cores have about 0.7 of the speed of x86 ones in other comparisons. Low.
     */
    speed: 0.7,
  },
  /** A state of a standard machine: 50-100 ms are quoted, none by AWS. Low. */
  standard: { transition: 0.075 },
  /** A child that does nothing took 64 ms in a sample of AWS's guide; its states pass in memory. Low. */
  express: { start: 0.06, transition: 0.005 },
  /** A Distributed Map of 100 children that do nothing (re:Post). One report. */
  distributedMap: { start: 7 },
} as const;

/** Threads' worth of a function's share of CPUs, of the machine of `throughput.ts`. Lambda gives a CPU for each 1,769 MB. */
export const lambdaSpeed = (memoryBytes: number, threads: number): number =>
  Math.min(threads, memoryBytes / 2 ** 20 / 1_769) * CLOUD.lambda.speed;
