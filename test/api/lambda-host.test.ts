import { expect, it } from "vitest";
import { lambdaHost, withContext } from "../../src/api/lambda-host.ts";
import { toEnvironment } from "../../src/workflow/stack.ts";

const settings = {
  stack: "learn",
  bucket: "learn-bucket",
  slots: 32,
  mapperMegabytes: 1_769,
  fusedMegabytes: 3_008,
  fused: true,
  concurrencyShare: 0.8,
  maxEvents: 20_000,
  metrics: false,
};
const environment = { ...toEnvironment(settings), AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "3008" };

it("is made from the environment of the function", () => {
  const host = lambdaHost(environment, new URL("file:///nowhere/thread.mjs"));
  expect(host.settings).toEqual(settings);
  expect(host.maxEvents).toBe(20_000);
  expect(host.mappers.size).toBe(2);
  expect(host.home).toBe("s3://learn-bucket/");
  expect(host.resumeCommand("churn-1")).toBe("steplearn resume churn-1 --on aws --stack learn");
  expect(lambdaHost({ ...environment, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1769" }, new URL("file:///nowhere/thread.mjs")).mappers.size).toBe(
    1,
  );
});

it("knows in each invocation when its time is up, and is the same host otherwise", () => {
  const host = lambdaHost(environment, new URL("file:///nowhere/thread.mjs"));
  const called = withContext(host, { getRemainingTimeInMillis: () => 1_234 });
  expect(called.remainingMillis()).toBe(1_234);
  expect([called.mappers, called.affinity, called.store]).toEqual([host.mappers, host.affinity, host.store]);
  expect(host.remainingMillis()).toBe(Number.POSITIVE_INFINITY);
});
