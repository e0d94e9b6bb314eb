/** `steplearn/cdk`: the construct for an app of your own. */
export type { Functions } from "./functions.ts";
export type { Machines } from "./machines.ts";
export type { FunctionKind, SteplearnProps } from "./props.ts";
export type { Rules } from "./rules.ts";
export { SteplearnStack } from "./stack.ts";
export { Steplearn } from "./steplearn.ts";
export type { Logs } from "./storage.ts";
