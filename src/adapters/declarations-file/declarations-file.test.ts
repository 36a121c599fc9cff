import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Declarations, NOTHING_DECLARED } from "../../control/ports.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { readDeclarationsFile } from "./declarations-file.ts";

const folder = mkdtempSync(join(tmpdir(), "headroom-declared-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, "declared.json");
const read = (text: string | Uint8Array, parse = takeAll) => {
  writeFileSync(file, text);
  return readDeclarationsFile(file, parse);
};

const takeAll = (): Result<Declarations> => success(NOTHING_DECLARED);

test("the value of the file is parsed under the name of the file", async () => {
  let seen: unknown;
  const parse = (value: unknown, where: string): Result<Declarations> => {
    seen = value;
    return failure("bad-input", `${where}.events: none.`);
  };
  writeFileSync(file, '{ "events": [] }');
  expect(await readDeclarationsFile(file, parse)).toEqual(failure("bad-input", `${file}.events: none.`));
  expect(seen).toEqual({ events: [] });
});

test("a file that is not there, a folder, and one that is no JSON are told apart", async () => {
  const absent = await readDeclarationsFile(join(folder, "none.json"), takeAll);
  const isFolder = await readDeclarationsFile(folder, takeAll);
  const broken = await read('{ "events": [');
  const kinds = [absent, isFolder, broken].map((result) => (result.ok ? "fine" : result.error.kind));
  expect(kinds).toEqual(["not-found", "unavailable", "bad-input"]);
});

test("a file of 64 MiB and more is refused before it is read", async () => {
  const result = await read(new Uint8Array(64 * 1024 * 1024 + 1));
  expect(result.ok ? "" : result.error.message).toMatch(/split it/);
});

test("no bytes make it throw", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array(), fc.string(), fc.json()), async (bytes) => {
      const result = await read(bytes);
      if (!result.ok) expect(result.error.message.startsWith(`${file}: no JSON`)).toBe(true);
    }),
    { seed: 1, numRuns: 200 },
  );
});
