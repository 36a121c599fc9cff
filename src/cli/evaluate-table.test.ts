import { expect, test } from "vitest";
import { SKILL_SCHEMA, type SkillFigures, type SkillReport } from "../model/skill-report.ts";
import { evaluateLines } from "./evaluate-table.ts";

const LEVELS = [0.05, 0.1, 0.25, 0.5, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.998] as const;

function figures(relative: number | null, silent = 0): SkillFigures {
  const coverage = LEVELS.map((level) => ({ level, observed: silent > 0 ? null : level - 0.01 }));
  return { windows: 60, silent, wql: relative === null ? null : relative / 5, relative, mase: relative, coverage };
}

const REPORT: SkillReport = {
  schema: SKILL_SCHEMA,
  reference: "seasonal-naive",
  series: [
    {
      name: "/data/visits.csv",
      start: "2026-03-01T00:00:00.000Z",
      stepSeconds: 3600,
      ticks: 1000,
      missing: 0,
      seasonTicks: 24,
      origins: [500, 600],
    },
  ],
  events: 4,
  targets: [
    {
      target: "24h",
      title: "next 24 h, step by step",
      models: [
        {
          model: "seasonal-naive",
          runs: [{ events: "without", all: figures(1), event: figures(1), other: figures(1) }],
        },
        {
          model: "fourier-events-linear",
          runs: [
            { events: "without", all: figures(0.8), event: figures(0.9), other: figures(0.7) },
            { events: "with", all: figures(0.612), event: figures(0.5), other: figures(0.7) },
          ],
        },
        { model: "window-24h", runs: [{ events: "without", all: figures(null, 60) }] },
      ],
    },
  ],
};

const plain = (columns: number, report = REPORT) => evaluateLines(report, { columns, isRich: false });

test("models by skill, the best first, with and without events, silence last", () => {
  const lines = plain(80);
  const names = lines.map((line) => line.slice(0, 21).trimEnd());
  expect(names.slice(5, 9)).toEqual(["fourier-events-linear", "  with events", "seasonal-naive", "window-24h"]);
  expect(lines[6]).toMatch(/0\.122 +0\.61 +0\.61 +0\.100 +0\.140/);
  expect(lines[8]).toMatch(/-\* +-/);
  expect(lines.at(-1)).toContain("left out of its figures");
  expect(lines[0]).toBe("How well visits.csv can be forecast: 2 forecasts a series, 4 events.");
});

test("complete at 80 columns, more quantiles where there is room, never wider than the screen", () => {
  const heads = (columns: number) => plain(columns)[4] ?? "";
  expect(heads(80)).toMatch(/WQL +rel +MASE +WQL +WQL .*90%/);
  expect(heads(140)).toMatch(/5% +10% +25% +50% +80% +90% +95% +97.5% +99%/);
  for (const columns of [60, 80, 100, 140, 300])
    for (const line of plain(columns)) expect(line.length).toBeLessThanOrEqual(columns);
});

test("without events there are no columns for them", () => {
  const quiet = plain(80, { ...REPORT, events: 0 }).join("\n");
  expect(quiet).not.toContain("other");
  expect(quiet).toMatch(/below\nmodel .*10% +50% +90% +95% +99%/);
});

test("the best line is shown on a rich screen", () => {
  const line = evaluateLines(REPORT, { columns: 80, isRich: true }).find((each) => each.includes("0.122"));
  expect(line?.startsWith("\u001b[")).toBe(true);
});
