export { allocate, mark, release } from "./memory";
export * from "./math";
export * from "./encode";
export * from "./linear";
export * from "./logistic";
export * from "./sort";
export * from "./csv";
