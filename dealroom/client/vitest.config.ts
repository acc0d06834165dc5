import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    // What needs a page is tested in a real browser by tests/browser.
    environment: "node",
    // The checks run on small machines beside others.
    maxWorkers: 2,
  },
});
