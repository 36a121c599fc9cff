import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { failure, success } from "../model/result.ts";
import { SCORECARD_SCHEMA, type ScorecardFile } from "../model/scorecard.ts";
import { NO_REPAIRS } from "../model/trace.ts";
import type { BacktestOptions, Commands, DemoOptions } from "./commands.ts";
import { NO_SERVICE } from "./no-service.arbitrary.ts";
import { runProgram } from "./program.ts";

const SCORECARD: ScorecardFile = {
  schema: SCORECARD_SCHEMA,
  trace: {
    name: "month",
    format: "csv",
    vms: 2,
    hosts: 1,
    hostSize: 50,
    start: "2026-03-01T00:00:00.000Z",
    stepSeconds: 300,
    trainedTicks: 10,
    scoredTicks: 10,
    repairs: NO_REPAIRS,
  },
  serviceLevel: 0.99,
  resources: {},
  forecasts: {},
  means: {},
  all: {},
};

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What the commands were asked for. */
  readonly asked: (BacktestOptions | DemoOptions)[];
}

const unused = async () => failure("rejected", "Not asked for here.");

async function run(line: string, changes: Partial<Commands> = {}): Promise<Ran> {
  const asked: (BacktestOptions | DemoOptions)[] = [];
  const [out, err] = [new PassThrough(), new PassThrough()];
  const screen = (stream: PassThrough) => ({ stream, isTty: false, columns: 80, isRich: false });
  const commands: Commands = {
    version: "1.2.3",
    policyNames: ["vpa", "headroom"],
    modelNames: ["stl"],
    faultNames: ["crash", "liar"],
    service: NO_SERVICE,
    simulate: unused,
    serve: unused,
    evaluate: unused,
    forecast: unused,
    train: unused,
    models: unused,
    async backtest(options, watcher) {
      asked.push(options);
      watcher.progress({ doing: "Scoring", done: 1, total: 1 });
      const sentences = { headline: "Headroom holds 1.2.", conditions: "Short in 1 %.", compared: [], repairs: [] };
      const summary = { ...sentences, resources: [], savings: null };
      const files = [{ what: "report", path: "out/report.html" }];
      return success({ scorecard: SCORECARD, summary, files });
    },
    async demo(options) {
      asked.push(options);
      const stopped = Promise.resolve(success(undefined));
      return success({ address: "http://127.0.0.1:8710/", forecaster: "Statistics alone.", stopped });
    },
    ...changes,
  };
  const argv = line.split(" ").filter((word) => word !== "");
  const code = await runProgram({ argv, commands, terminal: { out: screen(out), err: screen(err) } });
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? ""), asked };
}

test("a backtest with nothing but a trace has the documented defaults", async () => {
  const { code, out, err, asked } = await run("backtest month/");
  expect(code).toBe(0);
  expect(asked).toEqual([
    {
      traces: ["month/"],
      format: "auto",
      policies: ["vpa", "headroom"],
      serviceLevel: 0.99,
      hostSize: 50,
      pace: "every-tick",
      out: "out",
      isLenient: false,
    },
  ]);
  expect(out).toBe("Headroom holds 1.2.\nShort in 1 %.\n\nreport: out/report.html\n");
  expect(err).toBe("Scoring: 100 %\n");
});

test("every option of a backtest arrives, checked and typed", async () => {
  const line =
    "backtest a.csv b.csv.gz --format nab --policy headroom,vpa,headroom --service-level 0.995 --host-size 20 " +
    "--pace gentle --out here --audit audit.csv --lenient --resource memory --jobs 2 --json";
  expect((await run(line)).asked).toEqual([
    {
      traces: ["a.csv", "b.csv.gz"],
      format: "nab",
      policies: ["headroom", "vpa"],
      serviceLevel: 0.995,
      hostSize: 20,
      pace: "gentle",
      out: "here",
      audit: "audit.csv",
      isLenient: true,
      resource: "memory",
      jobs: 2,
    },
  ]);
});

test("with --json stdout is the scorecard and nothing else", async () => {
  const { code, out } = await run("backtest month/ --json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(SCORECARD);
});

test("a failure is one clear line on stderr and exit code 1", async () => {
  const { code, out, err } = await run("backtest bad.csv", {
    backtest: async () => failure("bad-input", "bad.csv, line 3: expected a name,\ngot \u001b[31mnothing"),
  });
  expect([code, out, err]).toEqual([1, "", "headroom: bad.csv, line 3: expected a name, got [31mnothing\n"]);
});

test("the demo has the documented defaults, says where it is, and ends when it is stopped", async () => {
  const { code, out, asked } = await run("demo");
  expect([code, asked]).toEqual([0, [{ port: 8710, seed: 1, speed: 600, vms: 60 }]]);
  expect(out).toContain("Headroom is at http://127.0.0.1:8710/\n");
  expect(out).toContain("Statistics alone.\n");
  const machine = await run("demo --port 0 --seed 7 --speed 60.5 --vms 30 --json");
  expect(JSON.parse(machine.out)).toMatchObject({ address: "http://127.0.0.1:8710/", seed: 7 });
  expect(machine.asked).toEqual([{ port: 0, seed: 7, speed: 60.5, vms: 30 }]);
});

test("a demo that cannot start, or breaks, has failed", async () => {
  const taken = failure("conflict", "Port 8710 is taken: say --port 0 for any free one.");
  expect(await run("demo", { demo: async () => taken })).toMatchObject({
    code: 1,
    err: `headroom: ${taken.error.message}\n`,
  });
  const stopped = Promise.resolve(failure("unavailable", "A thread failed."));
  const broken = await run("demo", {
    demo: async () => success({ address: "http://127.0.0.1:1/", forecaster: "", stopped }),
  });
  expect(broken).toMatchObject({ code: 1, err: "headroom: A thread failed.\n" });
});

test.each([
  ["backtest", "missing required argument 'trace'"],
  ["backtest x --format xml", "Allowed choices are auto, bitbrains, planetlab, csv, nab."],
  ["backtest x --policy vpa,best", 'There is no "best". Choose among vpa, headroom.'],
  ["backtest x --service-level 1", "Give a number from 0.5 to 0.9999, such as 0.99."],
  ["backtest x --service-level 99%", "Give a number from 0.5 to 0.9999, such as 0.99."],
  ["backtest x --host-size 0", "Give a whole number from 1 to 10000."],
  ["backtest x --host-size 1e3", "Give a whole number from 1 to 10000."],
  ["backtest x --jobs two", "Give a whole number from 1 to 256."],
  ["backtest x --out=", "Give the name of a file or folder."],
  ["backtest x --resource disk", "Allowed choices are cpu, memory, network, storage."],
  ["backtest x --resource cpu --format csv", "--resource is for NAB files only; csv files say what they measure."],
  ["backtest x --formt csv", "(Did you mean --format?)"],
  ["backtest x --audit", "option '--audit <file>' argument missing"],
  ["demo --port 70000", "Give a whole number from 0 to 65535."],
  ["demo --seed -1", "Give a whole number from 0 to 4294967295."],
  ["demo --speed 0", "Give a number from 1 to 100000, such as 600."],
  ["demo now", "too many arguments"],
  ["bactest x", "unknown command 'bactest'"],
])("headroom %s is refused: %s", async (line, reason) => {
  const { code, out, err, asked } = await run(line);
  expect(code).toBe(2);
  expect(err).toMatch(/^headroom: /);
  expect(err).toContain(reason);
  expect(err).toMatch(/See headroom( backtest| demo)? --help\.\n$/);
  expect([out, asked]).toEqual(["", []]);
});

test("help goes to stdout when asked for and to stderr when not, and reads well at 80 columns", async () => {
  for (const line of ["--help", "backtest --help", "demo --help"]) {
    const { code, out, err } = await run(line);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Examples:\n  headroom");
    for (const each of out.split("\n")) expect(each.length).toBeLessThanOrEqual(80);
  }
  const nothing = await run("");
  expect([nothing.code, nothing.out]).toEqual([2, ""]);
  expect(nothing.err).toContain("Usage: headroom");
});

test("the version is the one of the program", async () => {
  expect(await run("--version")).toMatchObject({ code: 0, out: "1.2.3\n" });
});
