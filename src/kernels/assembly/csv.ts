/** CSV text to typed columns: see csv-scan.ts. */
export { csvScan, csvScanChunk } from "./csv-scan";
export { csvShortNumbers } from "./csv-short";
export { csvFloats } from "./csv-convert";
export { csvWholeNumbers } from "./csv-whole";
export { csvSkip } from "./csv-skip";
export { csvShortWords, csvToken, csvWords } from "./csv-words";
export { decimals, holders, narrowInts, storeCodes, storeFloats, storeInts } from "./csv-store";
