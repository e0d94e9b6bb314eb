/** Every command, in the order in which help lists them. */
import { evaluateCommand } from "./evaluate.ts";
import { exportCommand } from "./export.ts";
import { importCommand } from "./import.ts";
import { initCommand } from "./init.ts";
import { inspectCommand } from "./inspect.ts";
import { logsCommand } from "./logs.ts";
import { planCommand } from "./plan.ts";
import { resumeCommand } from "./resume.ts";
import { runsCommand } from "./runs.ts";
import { scoreCommand } from "./score.ts";
import { showCommand } from "./show.ts";
import { stopCommand } from "./stop.ts";
import { trainCommand } from "./train.ts";
import { updateCommand } from "./update.ts";
import { watchCommand } from "./watch.ts";

export const commands = [
  initCommand,
  planCommand,
  trainCommand,
  scoreCommand,
  evaluateCommand,
  inspectCommand,
  updateCommand,
  showCommand,
  exportCommand,
  importCommand,
  resumeCommand,
  runsCommand,
  watchCommand,
  stopCommand,
  logsCommand,
];
