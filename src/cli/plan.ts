/** `steplearn plan`: what a job will take, before anything runs. */
import { Command, Option } from "commander";
import { type Choose, chooseFunctions, type Offer } from "../plan/functions.ts";
import { InputError } from "../ports/errors.ts";
import { planReport } from "../report/plan.ts";
import { expectationOf } from "./expectation.ts";
import { type JobFlags, jobSource } from "./job-source.ts";
import { byteSize, jsonOption, positiveInteger, type StoreOptions, storeOption, threadsOption } from "./options.ts";
import { printResult, sayNotes } from "./output.ts";
import { withJobOptions } from "./train.ts";

interface PlanOptions extends StoreOptions, JobFlags {
  readonly functions?: number;
  readonly threads?: number;
  readonly memory?: number;
  readonly on: "here" | "aws";
}

const HELP = `
Examples:
  steplearn plan job.yaml
  steplearn plan customers.csv --label churn --model logisticRegression --memory 3GB
  steplearn plan job.yaml --on aws

Reads the list of the files and a sample. A plan that does not fit the memory ends with exit code 3 and the numbers.
On AWS: functions, seconds and dollars of a stack deployed without a choice; nothing is asked of an account.`;

export const planCommand = (): Command =>
  withJobOptions(
    new Command("plan")
      .summary("tell what a job will take")
      .description("Tells what a job will take, before anything runs: parts, rounds, memory, time and, on AWS, dollars."),
  )
    .addOption(new Option("--on <place>", "where it would run").choices(["here", "aws"]).default("here"))
    .addOption(storeOption())
    .option(
      "--functions <n>",
      "functions that rounds are spread over; here 1 when left out, on AWS by the size of the data",
      positiveInteger,
    )
    .addOption(threadsOption())
    .option(
      "--memory <size>",
      "memory of all functions here, three quarters of this machine's when left out; on AWS of each, 3008MiB when left out",
      byteSize,
    )
    .addOption(jsonOption())
    .addHelpText("after", HELP)
    .action(plan);

async function plan(paths: string[], { store, functions, threads, memory, json, on, ...flags }: PlanOptions): Promise<void> {
  const { job, where, notes, folder } = await jobSource(paths, flags);
  sayNotes(notes);
  const [{ planLocal }, { forecast, HERE }, { AWS, billFor }] = await Promise.all([
    import("../api/train.ts"),
    import("../plan/forecast.ts"),
    import("../plan/on-aws.ts"),
  ]);
  const isHere = on === "here";
  if (!isHere && threads !== undefined) throw new InputError("--threads must be left out on AWS, where they follow from --memory");
  const chosen = isHere
    ? { functions, threads, memoryBytes: memory }
    : { functionsOf: chosenOnAws(await defaultOffer(), functions, memory) };
  const plan = await planLocal(job, { store, folder, where, ...chosen });
  const expectation = await expectationOf(plan, isHere ? store : null);
  const told = forecast(plan, expectation, isHere ? HERE : AWS);
  const { rows, columns, loaded } = expectation;
  const facts = {
    plan,
    rows,
    columns,
    loaded,
    parts: Math.max(1, Math.ceil(rows / plan.partRows)),
    forecast: told,
    bill: isHere ? null : billFor(told, plan.source.bytes),
  };
  const { plan: planned, ...others } = facts;
  printResult(json === true, { ...planned, ...others }, () => planReport(facts));
}

const defaultOffer = async (): Promise<Offer> => (await import("../plan/on-aws.ts")).DEFAULT_OFFER;

/** As the stack's planner chooses, unless told otherwise. */
function chosenOnAws(offer: Offer, count: number | undefined, memoryBytes: number | undefined): Choose {
  const megabytes = memoryBytes === undefined ? offer.mapperMegabytes : Math.floor(memoryBytes / 2 ** 20);
  const own: Offer = { ...offer, mapperMegabytes: megabytes, fusedMegabytes: megabytes, fused: count === undefined || count === 1 };
  return (size) => {
    const functions = chooseFunctions(own, size);
    return count === undefined || functions.fused ? functions : { ...functions, count };
  };
}
