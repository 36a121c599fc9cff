import { expect, test } from "vitest";
import { failure, success } from "../model/result.ts";
import { run } from "./remote/fake-service.arbitrary.ts";
import type { BackupOptions, RestoreOptions } from "./service-commands.ts";

const COPIED = { file: "all.backup", store: "data", bytes: 1_234_567 };

test("a backup says what it holds, and what is not in it", async () => {
  const asked: BackupOptions[] = [];
  const backup = async (options: BackupOptions) => {
    asked.push(options);
    return success(COPIED);
  };
  const { code, out } = await run("backup all.backup --data data --force", { service: { backup } });
  expect(code).toBe(0);
  expect(out).toContain("all.backup holds all of data: 1.2 MB.\n");
  expect(out).toContain("Trained models are files of their own.");
  expect(asked).toEqual([{ file: "all.backup", isForced: true, data: "data" }]);
});

test("a restore says where it is, and as JSON nothing else", async () => {
  const asked: RestoreOptions[] = [];
  const restore = async (options: RestoreOptions) => {
    asked.push(options);
    return success(COPIED);
  };
  expect((await run("restore all.backup --data data", { service: { restore } })).out).toContain("headroom serve");
  const { out } = await run("restore all.backup --json", { service: { restore } });
  expect(JSON.parse(out)).toEqual(COPIED);
  expect(asked).toEqual([{ file: "all.backup", data: "data" }, { file: "all.backup" }]);
});

test("what goes wrong is one sentence and exit code 1; what is typed wrongly is 2", async () => {
  const held = async () => failure("conflict", "A Headroom works on data: stop it first.");
  expect(await run("backup x", { service: { backup: held } })).toMatchObject({
    code: 1,
    out: "",
    err: "headroom: A Headroom works on data: stop it first.\n",
  });
  expect((await run("restore")).code).toBe(2);
});
