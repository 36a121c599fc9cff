import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readConfig } from "./read-config.ts";

const folder = mkdtempSync(join(tmpdir(), "headroom-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, "headroom.yaml");
  writeFileSync(path, text);
  return path;
}

test("without anything it listens to this machine alone and ticks every five minutes", () => {
  const config = readConfig({ environment: {}, typed: {} });
  expect(config).toMatchObject({
    ok: true,
    value: { host: "127.0.0.1", port: 8710, tickSeconds: 300, serviceLevel: 0.99 },
  });
});

test("what is typed goes before the environment, that before the file", () => {
  const environment = {
    HEADROOM_PORT: "2",
    HEADROOM_TICK_SECONDS: "60",
    DATABASE_URL: "postgres://somewhere/headroom",
  };
  const config = readConfig({
    file: file("port: 1\ntickSeconds: 30\nlog: warn"),
    environment,
    typed: { port: 3, data: undefined },
  });
  expect(config).toMatchObject({
    ok: true,
    value: { port: 3, tickSeconds: 60, log: "warn", database: "postgres://somewhere/headroom", data: "headroom-data" },
  });
});

test("JSON is read too, and an empty file says nothing", () => {
  expect(readConfig({ file: file('{"port": 9}'), environment: {}, typed: {} })).toMatchObject({
    ok: true,
    value: { port: 9 },
  });
  expect(readConfig({ file: file(""), environment: {}, typed: {} })).toMatchObject({ ok: true, value: { port: 8710 } });
});

test.each([
  ["port: 99999", {}, /headroom\.yaml: port must be <= 65535\./],
  ["tickSecond: 5", {}, /headroom\.yaml: there is no setting tickSecond\. Known are data, database,/],
  ["oidc: {issuer: https://x, audience: y, jwksUrl: https://x/k, extra: 1}", {}, /there is no setting oidc\.extra/],
  ["oidc: {issuer: https://x, audience: y}", {}, /headroom\.yaml: oidc must have required/],
  ["", { HEADROOM_PORT: "many" }, /HEADROOM_PORT: port must be integer/],
  ["", { DATABASE_URL: "mysql://x" }, /DATABASE_URL: database must match/],
  ["- 1", {}, /should be settings by name/],
  ["a: [", {}, /headroom\.yaml: /],
  ["log: loud", {}, /headroom\.yaml: log must/],
])("%s %j: says where it is wrong", (text, environment, sentence) => {
  const config = readConfig({ file: file(text), environment, typed: {} });
  expect(config.ok ? config.value : config.error.message).toMatch(sentence);
});

test("a file that is not there is named", () => {
  const config = readConfig({ file: join(folder, "nowhere.yaml"), environment: {}, typed: {} });
  expect(config).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining("nowhere.yaml cannot be read") },
  });
});
