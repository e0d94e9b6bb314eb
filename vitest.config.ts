import { defineConfig } from "vitest/config";

/** `npm test` runs the unit project, `npm run test:slow` the other: whole processes killed and measured, and tables of real size. */
export default defineConfig({
  test: {
    // Tests share nothing that one of them changes, and a worker for each file costs a third of the suite.
    isolate: false,
    pool: "forks",
    maxWorkers: "100%",
    projects: [
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/e2e/slow/**"], testTimeout: 20_000 } },
      { extends: true, test: { name: "slow", include: ["test/e2e/slow/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 120_000 } },
    ],
  },
});
