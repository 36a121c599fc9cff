import { defineConfig } from "vitest/config";

const slow = { testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "test/house.test.ts"],
          isolate: false,
          // Machines that do other things beside it are slow.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "simulation", include: ["test/simulation/**/*.test.ts"], testTimeout: 600_000 },
      },
      { extends: true, test: { name: "golden", include: ["test/golden/**/*.test.ts"], ...slow } },
      {
        extends: true,
        // Each file has servers and folders of its own, and waits for them more than it computes.
        test: { name: "integration", include: ["test/integration/**/*.test.ts"], ...slow, fileParallelism: true },
      },
      { extends: true, test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], ...slow } },
    ],
  },
});
