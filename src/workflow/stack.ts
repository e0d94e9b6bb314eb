/**
 * What a deployed stack is made of, by name: whoever knows the stack's name and has credentials finds everything else without asking
 * CloudFormation. The planner's configuration (`lambda:GetFunctionConfiguration` of `<stack>-planner`) tells the bucket in its environment,
 * and account and region in its ARN.
 */

/** Letters, digits and hyphens, so that every name made from it stays within 64 characters. */
export const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;

/** The stack that commands mean where they are told no other. */
export const DEFAULT_STACK = "steplearn";

/** Functions (slot 7 of the mappers is `<mapper>-7`), machines and the queue of failures. */
export const namesOf = (stack: string) => ({
  planner: `${stack}-planner`,
  mapper: `${stack}-mapper`,
  fused: `${stack}-fused`,
  combiner: `${stack}-combiner`,
  reducer: `${stack}-reducer`,
  publisher: `${stack}-publisher`,
  group: `${stack}-group`,
  training: `${stack}-train`,
  scoring: `${stack}-score`,
  update: `${stack}-update`,
  door: `${stack}-door`,
  deadLetters: `${stack}-failed`,
});

/** Log groups, one a kind: slots and fused rounds write to the mapper's, the combiner to the reducer's, all machines to one. */
export const logGroupsOf = (stack: string) => ({
  planner: `/aws/lambda/${stack}-planner`,
  mapper: `/aws/lambda/${stack}-mapper`,
  reducer: `/aws/lambda/${stack}-reducer`,
  publisher: `/aws/lambda/${stack}-publisher`,
  machines: `/aws/vendedlogs/states/${stack}`,
});

/** Where an object's arrival starts work: `score/in/<model>/…`, `train/in/<job>/…`. */
export const ARRIVALS = { score: "score/in/", update: "train/in/" } as const;

/** Prefixes of the stack's bucket that people and programs write to or read from; roles know no others. */
export const PREFIXES = {
  /** Job files, and the tables that were uploaded for them. */
  jobs: "jobs/",
  data: "data/",
  datasets: "datasets/",
  runs: "runs/",
  models: "models/",
  scores: "score/out/",
} as const;

/** What the functions of a stack are told when they are deployed. */
export interface StackSettings {
  readonly stack: string;
  /** The stack's own bucket. */
  readonly bucket: string;
  /** Numbered mappers. */
  readonly slots: number;
  readonly mapperMegabytes: number;
  readonly fusedMegabytes: number;
  /** Whether one function may hold everything and run round after round by itself. */
  readonly fused: boolean;
  /** Of the account's concurrency that is free, what a run may take; above 0, at most 1. */
  readonly concurrencyShare: number;
  /** History events after which an execution continues in a new one. */
  readonly maxEvents: number;
  /** Whether functions write metrics, which CloudWatch charges for. */
  readonly metrics: boolean;
}

/** The environment variables of every function. */
export const toEnvironment = (settings: StackSettings): Record<string, string> => ({
  STEPLEARN_STACK: settings.stack,
  STEPLEARN_BUCKET: settings.bucket,
  STEPLEARN_SLOTS: `${settings.slots}`,
  STEPLEARN_MAPPER_MB: `${settings.mapperMegabytes}`,
  STEPLEARN_FUSED_MB: `${settings.fusedMegabytes}`,
  STEPLEARN_FUSED: `${settings.fused}`,
  STEPLEARN_CONCURRENCY_SHARE: `${settings.concurrencyShare}`,
  STEPLEARN_MAX_EVENTS: `${settings.maxEvents}`,
  STEPLEARN_METRICS: `${settings.metrics}`,
});

/** The settings back from a function's environment, whose variables `toEnvironment` wrote. */
export const fromEnvironment = (environment: Readonly<Record<string, string | undefined>>): StackSettings => ({
  stack: environment.STEPLEARN_STACK ?? "",
  bucket: environment.STEPLEARN_BUCKET ?? "",
  slots: Number(environment.STEPLEARN_SLOTS),
  mapperMegabytes: Number(environment.STEPLEARN_MAPPER_MB),
  fusedMegabytes: Number(environment.STEPLEARN_FUSED_MB),
  fused: environment.STEPLEARN_FUSED === "true",
  concurrencyShare: Number(environment.STEPLEARN_CONCURRENCY_SHARE),
  maxEvents: Number(environment.STEPLEARN_MAX_EVENTS),
  metrics: environment.STEPLEARN_METRICS === "true",
});
