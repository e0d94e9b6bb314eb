/** The module of an isolated function of this machine: all four handlers on one host, as `--functions N` starts them. */
import { answerFunctions } from "../src/adapters/local/functions.ts";
import { type LocalHostOptions, localHandlers, localHost } from "../src/api/local.ts";

answerFunctions((data) => localHandlers(localHost(data as LocalHostOptions)));
