/** CSV text to typed columns: see csv-scan.ts. */
export { csvShortNumbers } from "./csv-convert";
export { csvScan, csvScanChunk } from "./csv-scan";
export { csvSkip } from "./csv-skip";
export { csvToken, csvWords } from "./csv-words";
export { holders, storeCodes, storeFloats, storeInts } from "./csv-store";
