/** What the kernels do on this machine, one line each: `node bench/kernels.ts`. A few seconds. */
import { float64, type Kernels, kernels, uint32 } from "../src/kernels/kernels.ts";

const k = kernels();
const rows = 512;
const n = 131_072;

/** Best seconds of one call, over batches of calls long enough for the clock. */
function seconds(call: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  let calls = 1;
  for (let trial = 0; trial < 12; trial++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) call();
    const millis = performance.now() - start;
    best = Math.min(best, millis / calls / 1e3);
    calls = Math.max(1, Math.ceil(10 / (1e3 * best)));
  }
  return best;
}

const line = (name: string, value: number, unit: string): void => console.log(`${name.padEnd(34)}${value.toFixed(2).padStart(8)} ${unit}`);
const perRow = (name: string, count: number, call: () => void): void => line(name, (seconds(call) / count) * 1e9, "ns per row");
const flops = (name: string, count: number, call: () => void): void => line(name, count / seconds(call) / 1e9, "GFLOP/s");

function random(k: Kernels, count: number, low = 0, high = 1): number {
  const address = k.allocate(8 * count);
  const hashes = k.allocate(8 * count);
  k.hashRows(address, 0, 2 * count, hashes);
  const bits = uint32(k, hashes, 2 * count);
  float64(k, address, count).forEach((_, i, values) => {
    values[i] = low + ((high - low) * (bits[2 * i] + bits[2 * i + 1] / 4_294_967_296)) / 4_294_967_296;
  });
  return address;
}

const v = random(k, rows);
const out = k.allocate(8 * n);
const more = k.allocate(8 * n);
for (const columns of [7, 28, 100]) {
  const x = random(k, rows * columns, -1, 1);
  const w = random(k, columns, -1, 1);
  const h = k.allocate(8 * columns * columns);
  flops(`gram ${columns}`, rows * columns * (columns + 1), () => k.gram(x, rows, rows, columns, v, h));
  flops(`margins ${columns}`, 2 * rows * columns, () => k.margins(x, rows, rows, columns, w, 0, out));
  flops(`gradient ${columns}`, 2 * rows * columns, () => k.gradient(x, rows, rows, columns, v, h));
}

const labels = k.allocate(8 * rows);
float64(k, labels, rows).fill(1, rows / 2);
const z = random(k, 5 * rows, -6, 6);
const scores = k.allocate(8 * 5 * rows);
perRow("logistic", rows, () => void k.logistic(z, labels, v, rows, out, more));
perRow("sigmoid", rows, () => k.sigmoid(z, rows, out));
// The margins become probabilities at the first call; that changes no branch but one.
perRow("softmax, 5 classes", rows, () => void k.softmax(z, rows, rows, 5, labels, v, scores));

const index = k.allocate(4 * n);
const every = k.allocate(4 * n);
const source = random(k, 2 * n);
uint32(k, index, n).forEach((_, i, all) => {
  all[i] = i;
});
uint32(k, every, n).forEach((_, i, all) => {
  all[i] = 2 * i;
});
perRow("encodeFloat64", n, () => void k.encodeFloat64(source, index, n, out, 0, 0.5, 2));
perRow("encodeFloat32", n, () => void k.encodeFloat32(source, index, n, out, 0, 0.5, 2));
perRow("encodeInt8", n, () => void k.encodeInt8(source, index, n, out, 0, 0.5, 2));
perRow("encodeFloat64, every other", n, () => void k.encodeFloat64(source, every, n, out, 0, 0.5, 2));
perRow("encodeCodes8", n, () => void k.encodeCodes8(more, index, n, out, source));

const keys = random(k, n);
const payload = random(k, n);
const scratch = k.allocate(16 * n);
perRow("copy and sort", n, () => {
  float64(k, out, n).set(float64(k, keys, n));
  k.sort(out, n, scratch);
});
perRow("copy and sortPairs", n, () => {
  float64(k, out, n).set(float64(k, keys, n));
  float64(k, more, n).set(float64(k, payload, n));
  k.sortPairs(out, more, n, scratch);
});
k.sort(keys, n / 2, scratch);
k.sort(keys + 4 * n, n / 2, scratch);
perRow("merge", n, () => k.merge(keys, n / 2, keys + 4 * n, n / 2, out));
perRow("mergePairs", n, () => k.mergePairs(keys, payload, n / 2, keys + 4 * n, payload + 4 * n, n / 2, out, more));
perRow("hashRows", n, () => k.hashRows(42, 0, n, out));
line("exp called from TypeScript", seconds(() => void k.exp(-0.7)) * 1e9, "ns");
line("log called from TypeScript", seconds(() => void k.log(0.7)) * 1e9, "ns");
