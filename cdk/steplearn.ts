/**
 * Steplearn as a construct: `new Steplearn(this, "Steplearn")` is a working trainer. Everything it creates bills by use; beside what the
 * bucket stores nothing costs while nothing runs.
 */

import type { Alarm, Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { bundledCode, type Functions, functions } from "./functions.ts";
import { type Machines, machines } from "./machines.ts";
import { acknowledgeChoices } from "./nag.ts";
import { alarms, dashboard } from "./observation.ts";
import { functionGrants, type RoleKind, roleFor } from "./permissions.ts";
import { chosen, type SteplearnProps } from "./props.ts";
import { type Rules, rules } from "./rules.ts";
import { deadLetterQueue, type Logs, letServicesUse, logGroups, ownBucket } from "./storage.ts";

export class Steplearn extends Construct {
  /** What all names begin with; the command line's `--stack`. */
  readonly name: string;
  /** Runs, datasets, models and scores, and the prefixes whose objects start work. */
  readonly bucket: Bucket;
  readonly deadLetters: Queue;
  readonly logs: Logs;
  /** One a kind; statements can be added, such as for the key of a data bucket. */
  readonly roles: Readonly<Record<RoleKind, Role>>;
  readonly functions: Functions;
  readonly machines: Machines;
  readonly rules: Rules;
  /** Where it was asked for. */
  readonly dashboard?: Dashboard;
  /** None unless asked for; actions can be added. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: SteplearnProps = {}) {
    super(scope, id);
    const choices = chosen(props, Stack.of(this).stackName);
    const { name, data, encryptionKey: key } = choices;
    if (key !== undefined) letServicesUse(key, this, name);
    const bucket = ownBucket(this, choices);
    const logs = logGroups(this, choices);
    const role = (kind: RoleKind) =>
      roleFor(this, `Role-${kind}`, "lambda", functionGrants(this, kind, { bucket, logs: logs[kind], key, data }));

    this.name = name;
    this.bucket = bucket;
    this.deadLetters = deadLetterQueue(this, choices);
    this.logs = logs;
    this.roles = { planner: role("planner"), mapper: role("mapper"), reducer: role("reducer"), publisher: role("publisher") };
    const code = props.code ?? bundledCode();
    this.functions = functions(this, { choices, code, roles: this.roles, logs, bucketName: bucket.bucketName });
    this.machines = machines(this, choices, logs.machines, this.deadLetters);
    acknowledgeChoices(this);
    this.rules = rules(this, bucket, this.machines, this.functions.publisher, this.deadLetters);
    if (choices.dashboard) this.dashboard = dashboard(this, name, this.machines);
    this.alarms = choices.alarms ? alarms(this, this.machines, this.deadLetters) : [];
  }
}
