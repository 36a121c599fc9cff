// The built `headroom evaluate` on files: same bytes whatever the threads, events that help, clear errors.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SkillReport } from "../../src/model/skill-report.ts";

const HOURS = 60 * 24;
const START_MS = Date.UTC(2026, 2, 2);
/** Days on which demand is three times the usual from 9 to 15 h. */
const SALE_DAYS = [5, 11, 18, 24, 29, 33, 38, 44, 47, 53, 56, 58];

let folder = "";
let visits = "";
let sales = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-evaluate-"));
  visits = join(folder, "visits.csv");
  sales = join(folder, "sales.csv");
  const rows = Array.from({ length: HOURS }, (_, hour) => `${START_MS / 1000 + hour * 3600},${visitsAt(hour)}`);
  writeFileSync(visits, `time,value\n${rows.join("\n")}\n`);
  const iso = (hour: number) => new Date(START_MS + hour * 3_600_000).toISOString();
  const events = SALE_DAYS.map((day) => `${iso(day * 24 + 9)},${iso(day * 24 + 15)},sale`);
  writeFileSync(sales, `start,end,event\n${events.join("\n")}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

function visitsAt(hour: number): number {
  const isSale = SALE_DAYS.includes(Math.floor(hour / 24)) && hour % 24 >= 9 && hour % 24 < 15;
  const usual = 1000 + 400 * Math.sin((2 * Math.PI * hour) / 24) + ((hour * 7919) % 101);
  return Math.round(usual * (isSale ? 3 : 1));
}

function evaluate(...parameters: string[]) {
  const options = { encoding: "utf8", maxBuffer: 1 << 26 } as const;
  return spawnSync(process.execPath, ["dist/main/headroom.js", "evaluate", ...parameters], options);
}

test("the same bytes with one thread or two; events lower the loss where they are, and are no worse elsewhere", () => {
  const common = [visits, "--events", sales, "--models", "stl-log,fourier-events", "--origins", "15", "--json"];
  const [one, two] = [evaluate(...common, "--jobs", "1"), evaluate(...common, "--jobs", "2")];
  expect([one.status, two.status]).toEqual([0, 0]);
  expect(one.stdout).toBe(two.stdout);
  const report = JSON.parse(one.stdout) as SkillReport;
  expect(report).toMatchObject({
    schema: "headroom.evaluate/1",
    reference: "seasonal-naive",
    events: SALE_DAYS.length,
  });
  expect(report.series).toMatchObject([{ name: visits, stepSeconds: 3600, ticks: HOURS, missing: 0, seasonTicks: 24 }]);
  expect(report.targets.map(({ target }) => target)).toEqual(["24h"]);
  const models = report.targets[0]?.models ?? [];
  expect(models.map(({ model, runs }) => [model, runs.map(({ events }) => events)])).toEqual([
    ["seasonal-naive", ["without"]],
    ["stl-log", ["without", "with"]],
    ["fourier-events", ["without", "with"]],
  ]);
  expect(models[0]?.runs[0]?.all).toMatchObject({ relative: 1, windows: 15 * 24, silent: 0 });
  for (const { runs } of models.slice(1)) {
    const [without, told] = runs;
    expect(told?.event?.wql).toBeLessThan(0.5 * (without?.event?.wql ?? 0));
    expect(told?.other?.wql).toBeLessThan(1.1 * (without?.other?.wql ?? 0));
    expect(told?.all.relative).toBeLessThan(0.5);
  }
});

test("a table for people, and a progress that stays out of it", () => {
  const { status, stdout, stderr } = evaluate(visits, "--models", "last-value", "--horizon", "24h", "--origins", "4");
  expect(status).toBe(0);
  expect(stdout).toContain("How well visits.csv can be forecast: 4 forecasts a series.");
  expect(stdout).toMatch(/^seasonal-naive +0\.\d{3} +1\.00 /m);
  expect(stdout).toMatch(/^last-value +0\.\d{3} /m);
  expect(stderr).toContain("Forecasting: 100 %");
});

test("what cannot be is said, with the file, the line and the column", () => {
  const broken = join(folder, "broken.csv");
  writeFileSync(broken, "time,value\n2026-03-01,1\n2026-03-02,many\n");
  const wrong = evaluate(broken);
  expect([wrong.status, wrong.stdout]).toEqual([1, ""]);
  expect(wrong.stderr).toMatch(/broken\.csv, line 3, column 2 \(value\): expected a number of at least 0, got "many"/);
  const noEvents = evaluate(visits, "--events", visits);
  expect(noEvents.stderr).toMatch(/visits\.csv, line 1: expected columns "start,end,event"/);
  const tooFine = evaluate(visits, "--horizon", "30m");
  expect(tooFine.status).toBe(1);
  expect(tooFine.stderr).toMatch(/visits\.csv: .*30m.*--horizon/);
  const short = join(folder, "short.csv");
  writeFileSync(short, "time,value\n2026-03-01T00:00Z,1\n2026-03-01T01:00Z,1\n");
  expect(evaluate(short).stderr).toMatch(/short\.csv: 2 ticks are too few to forecast 24h/);
});
