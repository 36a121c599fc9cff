// The description of the API: as the table of routes is now, valid OpenAPI 3.1, and with what a reader of it needs.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { expect, test } from "vitest";
import { ADDRESSES } from "../../../src/api/contract/addresses.ts";
import { openApiDocument } from "../../../src/api/contract/openapi.ts";
import type { Route } from "../../../src/api/contract/route.ts";
import { ROUTES } from "../../../src/api/contract/routes.ts";
import { startService } from "./running-service.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as { version: string };
const written: unknown = JSON.parse(readFileSync(`${ROOT}/docs/openapi.json`, "utf8"));
const rows = Object.entries(ROUTES) as readonly (readonly [string, Route])[];

test("docs/openapi.json is what the table says: run npm run openapi if not", () => {
  expect(written).toEqual(JSON.parse(JSON.stringify(openApiDocument(version))));
});

test("it is valid OpenAPI 3.1", async () => {
  const checked = await new Validator().validate(structuredClone(written) as Record<string, unknown>);
  expect(checked).toMatchObject({ valid: true });
});

test("every operation has an id of its own, tags, summary, responses with problems, and examples of bodies", () => {
  const { paths, tags } = written as {
    paths: Record<string, Record<string, Operation>>;
    tags: { name: string }[];
  };
  const all = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );
  const names = tags.map(({ name }) => name);
  expect(all.flatMap(({ name, ...each }) => faultsOf(each, names).map((fault) => `${name}: ${fault}`))).toEqual([]);
  const ids = all.map(({ operation }) => operation.operationId);
  const beside = ["callHook", "exportMetrics", "watchLive", "writeMetrics"];
  expect(ids.sort()).toEqual([...Object.keys(ROUTES), ...beside].sort());
});

function faultsOf(
  { path, operation }: { readonly path: string; readonly operation: Operation },
  tags: readonly string[],
): string[] {
  const { summary = "", description = "", responses, requestBody, parameters = [] } = operation;
  const names = parameters.map((each) => `${each.in} ${each.name}`);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`);
  const json = requestBody?.content["application/json"];
  // Protobuf cannot be shown as an example.
  const isProtobuf = requestBody?.content["application/x-protobuf"] !== undefined;
  const checks: readonly (readonly [boolean, string])[] = [
    [operation.tags.every((tag) => tags.includes(tag)) && operation.tags.length > 0, "tags"],
    [summary !== "" && !summary.endsWith("."), "summary"],
    [description !== "", "description"],
    ["default" in responses, "problems"],
    [Object.keys(responses).some((status) => status.startsWith("2")), "answer"],
    [requestBody === undefined || isProtobuf || json?.example !== undefined, "example of a body"],
    [new Set(names).size === names.length, "two parameters of one name"],
    [inPath.every((name) => names.includes(name)), "parameters of the path"],
  ];
  return checks.flatMap(([isRight, fault]) => (isRight ? [] : [fault]));
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

test.each(rows)("%s: its examples are as its schemas say", (_name, { body, response, example }) => {
  if (body) expect(Compile(body as TSchema).Errors(example.body)).toEqual([]);
  if (example.response !== undefined) expect(Compile(response as TSchema).Errors(example.response)).toEqual([]);
});

test("every address has a row, and every reference leads somewhere", () => {
  expect(Object.keys(ADDRESSES).sort()).toEqual(Object.keys(ROUTES).sort());
  const { components } = written as { components: { schemas: object; responses: object } };
  const text = JSON.stringify(written);
  for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
    expect(kind === "schemas" ? components.schemas : components.responses).toHaveProperty(name ?? "");
});

test("the server hands it out to everybody", async () => {
  const service = await startService({ ticks: 0, version });
  const answer = await fetch(`${service.address}/v1/openapi.json`);
  expect(await answer.json()).toEqual(written);
  await service.close();
});
