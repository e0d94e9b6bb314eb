/** Chance by a seed: the same calls go wrong in every run of a test, here and on the emulator. */
import { hashString } from "../../src/kernels/hash.ts";

/** In [0, 1), of a call by its name and number. */
export const draw = (seed: number, name: string, call: number): number => hashString(`${name} ${call}`, seed) / 4_294_967_296;
