// The examples of a page of the documents, to be run as they stand there, and held against what the page says they answer.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect } from "vitest";

export interface PageExample {
  readonly command: string;
  /** The block of JSON right behind it: "..." stands for anything; fields that are not told may be there. Without one it has to be no problem. */
  readonly told: unknown;
}

/** `page`: under docs/. */
export function examplesOf(page: string): readonly PageExample[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const blocks = text.matchAll(/```sh\n([\s\S]*?)```\n(?:\n```json\n([\s\S]*?)```)?/g);
  return [...blocks].map(([, command = "", told]) => ({
    command,
    told: told === undefined ? undefined : JSON.parse(told),
  }));
}

const run = promisify(execFile);

export async function expectExample(
  { command, told }: PageExample,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const env = { ...process.env, ...environment };
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", command], { env });
  const answer: unknown = JSON.parse(stdout);
  if (told === undefined) expect(answer).not.toHaveProperty("title");
  else expect(answer).toEqual(atLeast(told));
}

function atLeast(told: unknown): unknown {
  if (told === "...") return expect.anything();
  if (Array.isArray(told)) return told.some(isObject) ? expect.arrayContaining(told.map(atLeast)) : told;
  if (!isObject(told)) return told;
  return expect.objectContaining(Object.fromEntries(Object.entries(told).map(([name, each]) => [name, atLeast(each)])));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
