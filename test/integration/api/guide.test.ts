// The examples of docs/api.md, run as they stand there, in order, against a server: each answers what the page says it does.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYS, type RunningService, startService } from "./running-service.ts";

const GUIDE = readFileSync(fileURLToPath(new URL("../../../docs/api.md", import.meta.url)), "utf8");
const run = promisify(execFile);

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

interface Example {
  readonly command: string;
  /** "..." stands for anything; fields that are not told may be there. */
  readonly told: unknown;
}

/** What answers is the block of JSON right behind a command; without one it has to be no problem. */
const EXAMPLES: readonly Example[] = [...GUIDE.matchAll(/```sh\n([\s\S]*?)```\n(?:\n```json\n([\s\S]*?)```)?/g)].map(
  ([, command = "", told]) => ({ command, told: told === undefined ? undefined : JSON.parse(told) }),
);

test("there are examples", () => {
  expect(EXAMPLES.length).toBeGreaterThan(15);
});

test.each(EXAMPLES)("$command", async ({ command, told }) => {
  const env = { ...process.env, HEADROOM: service.address, HEADROOM_KEY: KEYS.operator };
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", command], { env });
  const answer: unknown = JSON.parse(stdout);
  if (told === undefined) expect(answer).not.toHaveProperty("title");
  else expect(answer).toEqual(atLeast(told));
});

function atLeast(told: unknown): unknown {
  if (told === "...") return expect.anything();
  if (Array.isArray(told)) return told.some(isObject) ? expect.arrayContaining(told.map(atLeast)) : told;
  if (!isObject(told)) return told;
  return expect.objectContaining(Object.fromEntries(Object.entries(told).map(([name, each]) => [name, atLeast(each)])));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

test("every path that the page names is in the table", async () => {
  const document = (await (await fetch(`${service.address}/v1/openapi.json`)).json()) as { paths: object };
  const known = Object.keys(document.paths).map((path) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[\\w.-]+")}$`));
  const named = [
    ...GUIDE.matchAll(/(?<![\w/])\/v1\/[\w/.-]*[\w]/g),
    ...GUIDE.matchAll(/(?<=HEADROOM)\/v1\/[\w/.-]*[\w]/g),
  ];
  const strangers = named
    .map(([path]) => path)
    .filter((path) => path !== "/v1/openapi.json" && !known.some((each) => each.test(path)));
  expect(strangers).toEqual([]);
});
