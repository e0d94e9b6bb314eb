import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { type App, Stack, Validations } from "aws-cdk-lib/core";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { acknowledgeStars } from "../../cdk/nag.ts";
import { roleFor } from "../../cdk/permissions.ts";
import { synthesised } from "./synthesised.ts";

const checked = (app: App): void => Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));

describe("cdk-nag", () => {
  it("finds nothing open, in what is deployed without a choice and with every choice", () => {
    expect(() => synthesised({ slots: 2 }, checked)).not.toThrow();
    const all = (stack: Stack) => ({
      slots: 1,
      data: ["whole-bucket", "shared-bucket/sales/"],
      encryptionKey: new Key(stack, "Key", { enableKeyRotation: true }),
      dashboard: true,
      alarms: true,
    });
    expect(() => synthesised(all, checked)).not.toThrow();
  });

  it("finds what others add beside our own", () => {
    const more = (stack: Stack) => {
      const role = new Role(stack, "Theirs", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
      roleFor(role, "Ours", "lambda", [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"], why: "the test" }]).addToPolicy(
        new PolicyStatement({ actions: ["s3:GetObject"], resources: ["*"] }),
      );
      return { slots: 1 };
    };
    expect(() => synthesised(more, checked)).toThrow(/IAM5|alidation/);
  });

  it("is told the reason of every star, so a statement without one is refused", () => {
    const stack = new Stack();
    const role = new Role(stack, "Some", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    expect(() => acknowledgeStars(role, [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/*"] }])).toThrow(
      "Some must say why it may s3:GetObject on arn:aws:s3:::b/*",
    );
    expect(() => acknowledgeStars(role, [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::b/key"] }])).not.toThrow();
  });
});
