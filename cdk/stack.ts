/** One stack around the construct, which tells what people ask for first. */
import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { SteplearnProps } from "./props.ts";
import { Steplearn } from "./steplearn.ts";

export class SteplearnStack extends Stack {
  readonly steplearn: Steplearn;

  constructor(scope: Construct, id: string, props: SteplearnProps & StackProps = {}) {
    super(scope, id, { description: "Machine learning on tables too big for one machine, without a cluster", ...props });
    this.steplearn = new Steplearn(this, "Steplearn", props);
    const { bucket, machines, deadLetters } = this.steplearn;
    const output = (name: string, value: string, description: string) => new CfnOutput(this, name, { value, description });
    output("BucketName", bucket.bucketName, "Runs, datasets, models and scores; objects under score/in/ and train/in/ start work");
    output("TrainingMachineArn", machines.training.stateMachineArn, "Start it with a job as its input");
    output("ScoringMachineArn", machines.scoring.stateMachineArn, "Scores objects that arrive");
    output("UpdateMachineArn", machines.update.stateMachineArn, "Brings objects that arrive into their models");
    output("DeadLetterQueueUrl", deadLetters.queueUrl, "What could not be scored or brought in, with the reason");
  }
}
