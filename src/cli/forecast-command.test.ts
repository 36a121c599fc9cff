import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { failure, success } from "../model/result.ts";
import { SKILL_SCHEMA } from "../model/skill-report.ts";
import type { Commands, EvaluateOptions, ForecastOptions } from "./commands.ts";
import { aForecastReport } from "./forecast.arbitrary.ts";
import { NO_SERVICE } from "./no-service.arbitrary.ts";
import { runProgram } from "./program.ts";

const REPORT = aForecastReport();
const unused = async () => failure("rejected", "Not asked for here.");

async function run(line: string, changes: Partial<Commands> = {}) {
  const asked: (ForecastOptions | EvaluateOptions)[] = [];
  const [out, err] = [new PassThrough(), new PassThrough()];
  const screen = (stream: PassThrough) => ({ stream, isTty: false, columns: 80, isRich: false });
  const commands: Commands = {
    version: "1.2.3",
    policyNames: ["headroom"],
    modelNames: ["ensemble", "stl"],
    faultNames: ["crash", "liar"],
    service: NO_SERVICE,
    simulate: unused,
    backtest: unused,
    train: unused,
    models: unused,
    demo: unused,
    serve: unused,
    async evaluate(options) {
      asked.push(options);
      return success({ schema: SKILL_SCHEMA, reference: "stl", series: [], events: 0, targets: [] });
    },
    async forecast(options, watcher) {
      asked.push(options);
      watcher.progress({ doing: "Forecasting", done: 1, total: 1 });
      const files = options.out === undefined ? [] : [{ what: "quantiles", path: options.out }];
      return success({ report: REPORT, files });
    },
    ...changes,
  };
  const argv = line.split(" ").filter((word) => word !== "");
  const code = await runProgram({ argv, commands, terminal: { out: screen(out), err: screen(err) } });
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? ""), asked };
}

test("a forecast with nothing but a file has the documented defaults", async () => {
  const { code, out, err, asked } = await run("forecast cpu.csv");
  expect(code).toBe(0);
  expect(asked).toEqual([
    {
      files: ["cpu.csv"],
      format: "auto",
      models: ["ensemble"],
      season: "grid",
      hasPath: false,
      hasParts: false,
      isLenient: false,
    },
  ]);
  expect(out).toMatch(/^Demand of web-1 cpu from 2026-03-16 00:00 UTC on, by ensemble\n/);
  expect(err).toBe("Forecasting: 100 %\n");
});

test("every option arrives, checked and typed", async () => {
  const line =
    "forecast month/ more.csv --vm web-1 --vm db-1 --resource cpu,memory --horizon 24h,30m --path --at 2026-03-20T12:00 " +
    "--events e.csv --profile p.json --models stl,ensemble,stl --model out/models --season week --explain --format csv " +
    "--lenient --out ahead.csv --jobs 2";
  const { asked, out } = await run(line);
  expect(asked).toEqual([
    {
      files: ["month/", "more.csv"],
      vms: ["web-1", "db-1"],
      resources: ["cpu", "memory"],
      horizons: ["24h", "30m"],
      hasPath: true,
      at: Date.UTC(2026, 2, 20, 12),
      events: "e.csv",
      profile: "p.json",
      models: ["stl", "ensemble"],
      model: "out/models",
      season: "week",
      hasParts: true,
      format: "csv",
      isLenient: true,
      out: "ahead.csv",
      jobs: 2,
    },
  ]);
  expect(out).toMatch(/\nquantiles: ahead\.csv\n$/);
});

test("with --json stdout is the report and nothing else, whatever is written beside it", async () => {
  const { code, out } = await run("forecast cpu.csv --json --out ahead.csv");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(REPORT)));
});

test("an evaluation asks all that can answer unless models are named, and takes the same network", async () => {
  const { asked } = await run("evaluate cpu.csv");
  expect(asked).toEqual([{ files: ["cpu.csv"], origins: 10, season: "grid" }]);
  const named = await run("evaluate cpu.csv --models stl --model net/0123456789ab.network");
  expect(named.asked).toMatchObject([{ models: ["stl"], model: "net/0123456789ab.network" }]);
});

test("a failure is one line on stderr and exit code 1", async () => {
  const failed = async () => failure("not-found", "There is no VM x.");
  expect(await run("forecast cpu.csv", { forecast: failed })).toMatchObject({
    code: 1,
    out: "",
    err: "headroom: There is no VM x.\n",
  });
});

test.each([
  ["forecast", "missing required argument 'demand'"],
  ["forecast x --resource disk", 'There is no "disk". Choose among cpu, memory, network, storage.'],
  ["forecast x --horizon 1h", 'There is no "1h". Choose among 30m, 24h, 30d.'],
  ["forecast x --at noon", "Give a time such as 2026-03-01T00:00:00Z, or a day such as 2026-03-01."],
  ["forecast x --at 2026-02-31", "Give a time such as"],
  ["forecast x --at 2026-02-03T25:00", "Give a time such as"],
  ["forecast x --vm=", "Give a name."],
  ["forecast x --models best", 'There is no "best". Choose among ensemble, stl.'],
  ["forecast x --model ensemble", "That is no file of a trained network; --models ensemble names a way to forecast."],
  ["forecast x --season noon", "Allowed choices are grid, detected, hour, day, week, year."],
  ["evaluate x --model stl", "That is no file of a trained network"],
])("headroom %s is refused: %s", async (line, reason) => {
  const { code, out, err, asked } = await run(line);
  expect([code, out, asked]).toEqual([2, "", []]);
  expect(err).toMatch(/^headroom: /);
  expect(err).toContain(reason);
});

test("help reads well at 80 columns", async () => {
  for (const line of ["forecast --help", "evaluate --help"]) {
    const { code, out } = await run(line);
    expect(code).toBe(0);
    expect(out).toContain("Examples:\n  headroom");
    for (const each of out.split("\n")) expect(each.length).toBeLessThanOrEqual(80);
  }
});
