// The examples of docs/events.md, run as they stand there, in order, against a server: each answers what the page says it does.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYS, type RunningService, startService } from "../api/running-service.ts";

const GUIDE = readFileSync(fileURLToPath(new URL("../../../docs/events.md", import.meta.url)), "utf8");
const run = promisify(execFile);

let service: RunningService;
beforeAll(async () => {
  service = await startService({ ticks: 3 });
});
afterAll(() => service.close());

/** "..." stands for anything; fields that are not told may be there. */
const EXAMPLES = [...GUIDE.matchAll(/```sh\n([\s\S]*?)```\n(?:\n```json\n([\s\S]*?)```)?/g)].map(
  ([, command = "", told]) => ({ command, told: told === undefined ? undefined : (JSON.parse(told) as unknown) }),
);

test("there are examples", () => {
  expect(EXAMPLES.length).toBeGreaterThan(9);
});

test.each(EXAMPLES)("$command", async ({ command, told }) => {
  const now = String(Math.floor(service.clock.now() / 1000));
  const env = { ...process.env, HEADROOM: service.address, HEADROOM_KEY: KEYS.operator, NOW: now };
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", command], { env });
  const answer: unknown = JSON.parse(stdout);
  if (told === undefined) expect(answer).not.toHaveProperty("title");
  else expect(answer).toEqual(atLeast(told));
});

function atLeast(told: unknown): unknown {
  if (told === "...") return expect.anything();
  if (Array.isArray(told)) return told.length === 0 ? told : expect.arrayContaining(told.map(atLeast));
  if (typeof told !== "object" || told === null) return told;
  return expect.objectContaining(Object.fromEntries(Object.entries(told).map(([name, each]) => [name, atLeast(each)])));
}
