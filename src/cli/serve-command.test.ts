import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { failure, success } from "../model/result.ts";
import type { Commands, RunningService, ServeOptions } from "./commands.ts";
import { NO_SERVICE } from "./no-service.arbitrary.ts";
import { runProgram } from "./program.ts";

const unused = async () => failure("rejected", "Not asked for here.");
const SERVICE: RunningService = { address: "http://127.0.0.1:8710/", stopped: Promise.resolve(success(undefined)) };

async function run(line: string, serve: Commands["serve"]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const screen = (stream: PassThrough) => ({ stream, isTty: false, columns: 80, isRich: false });
  const others = { backtest: unused, evaluate: unused, forecast: unused, train: unused, models: unused, demo: unused };
  const commands: Commands = {
    ...others,
    version: "1.2.3",
    policyNames: [],
    modelNames: [],
    faultNames: [],
    service: NO_SERVICE,
    simulate: unused,
    serve,
  };
  const code = await runProgram({ argv: line.split(" "), commands, terminal: { out: screen(out), err: screen(err) } });
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? "") };
}

test("what is typed is handed on, and the first key is shown with what to do next", async () => {
  const asked: ServeOptions[] = [];
  const { code, out } = await run("serve --data here --port 0", async (options) => {
    asked.push(options);
    return success({ ...SERVICE, firstKey: "hr_abc" });
  });
  expect(code).toBe(0);
  expect(asked).toEqual([{ data: "here", port: 0 }]);
  expect(out).toContain("Headroom is at http://127.0.0.1:8710/");
  expect(out).toContain("KEY=hr_abc\n");
  expect(out).toContain("curl -H");
});

test("with keys already there nothing is said of them; as JSON there is nothing but facts", async () => {
  expect((await run("serve", async () => success(SERVICE))).out).not.toContain("key");
  const { out } = await run("serve --json", async () => success({ ...SERVICE, firstKey: "hr_abc" }));
  expect(JSON.parse(out)).toEqual({ address: "http://127.0.0.1:8710/", firstKey: "hr_abc" });
});

test("who cannot start, or breaks, has failed and says why", async () => {
  const taken = await run("serve", async () => failure("unavailable", "Port 8710 cannot be used."));
  expect(taken).toMatchObject({ code: 1, err: "headroom: Port 8710 cannot be used.\n" });
  const broken = { ...SERVICE, stopped: Promise.resolve(failure("unavailable", "The disk is full.")) };
  expect(await run("serve", async () => success(broken))).toMatchObject({
    code: 1,
    err: "headroom: The disk is full.\n",
  });
});
