// The examples of docs/events.md, run as they stand there, in order, against a server: each answers what the page says it does.
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYS, type RunningService, startService } from "../api/running-service.ts";
import { examplesOf, expectExample } from "../page-examples.ts";

let service: RunningService;
beforeAll(async () => {
  service = await startService({ ticks: 3 });
});
afterAll(() => service.close());

const EXAMPLES = examplesOf("events.md");

test("there are examples", () => {
  expect(EXAMPLES.length).toBeGreaterThan(9);
});

test.each(EXAMPLES)("$command", (example) => {
  const now = String(Math.floor(service.clock.now() / 1000));
  return expectExample(example, { HEADROOM: service.address, HEADROOM_KEY: KEYS.operator, NOW: now });
});
