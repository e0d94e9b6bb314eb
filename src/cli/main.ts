#!/usr/bin/env node
/** The entry of the command line. What it loads is compiled once and kept: half of a command's start, and of a thread's, is compiling. */
import node from "node:module";
import { dirname } from "node:path";

// Missing in a Node that is too old, of which the program says more.
const directory = node.enableCompileCache?.().directory;
// Threads look there by themselves.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(directory);
await import("./program.ts");
