// The examples of docs/api.md, run as they stand there, in order, against a server: each answers what the page says it does.
import { afterAll, beforeAll, expect, test } from "vitest";
import { examplesOf, expectExample } from "../page-examples.ts";
import { KEYS, type RunningService, startService } from "./running-service.ts";

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const EXAMPLES = examplesOf("api.md");

test("there are examples", () => {
  expect(EXAMPLES.length).toBeGreaterThan(15);
});

test.each(EXAMPLES)("$command", (example) =>
  expectExample(example, { HEADROOM: service.address, HEADROOM_KEY: KEYS.operator }),
);
