import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * `npm test` runs the unit project, and the localstack project where LocalStack can run; `npm run test:slow` the third: whole processes killed
 * and measured, and tables of real size.
 */
export default defineConfig({
  test: {
    // Tests share nothing that one of them changes, and a worker for each file costs a third of the suite.
    isolate: false,
    pool: "forks",
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/slow/**", "test/e2e/localstack/**"],
          testTimeout: 20_000,
          // One more than there are cores: many tests wait for a process of their own, or for a lost connection to be tried again.
          maxWorkers: availableParallelism() + 1,
        },
      },
      { extends: true, test: { name: "slow", include: ["test/e2e/slow/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 120_000 } },
      {
        extends: true,
        test: {
          name: "localstack",
          // The emulator is one process of Python: files side by side only wait for one another.
          fileParallelism: false,
          include: ["test/e2e/localstack/**/*.test.ts"],
          globalSetup: "test/e2e/localstack/setup.ts",
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
