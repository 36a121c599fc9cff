import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { scoreForecasts, sheetsByResource, skillOf } from "./forecast-sheet.ts";
import { hostsOf } from "./host-case.ts";
import { cpuTrace } from "./small-trace.arbitrary.ts";

/** Four days of an hour's ticks: 2 higher each day, so that "same time yesterday" is off by 2. */
const days = Array.from({ length: 96 }, (_, hour) => 10 + 2 * Math.floor(hour / 24));

function cpuSheet(demand: readonly (readonly number[])[]) {
  const [host] = hostsOf(cpuTrace(demand), 50);
  if (host === undefined) throw new Error("VMs fill a host");
  const sheets = sheetsByResource(host);
  const score = (asked: number, quantile: number) => {
    const row = new Float64Array(RESOURCE_COUNT).fill(Number.NaN);
    row[0] = asked;
    scoreForecasts(sheets, { demand: row, quantiles: new Float64Array(RESOURCE_COUNT * LEVEL_COUNT).fill(quantile) });
  };
  return { score, skill: () => skillOf(sheets.slice(0, 1)), others: () => skillOf(sheets.slice(1)) };
}

test("pinball loss, error and coverage worked by hand", () => {
  const sheet = cpuSheet([days]);
  sheet.score(6, 4);
  sheet.score(4, 4);
  sheet.score(2, 4);
  const skill = sheet.skill();
  const meanLevel = QUANTILE_LEVELS.reduce((sum, level) => sum + level, 0) / LEVEL_COUNT;
  // 2 too low costs 2 x level, 2 too high 2 x (1 - level): 2 at every level together, of a demand of 12.
  expect(meanLevel).toBeGreaterThan(0.5);
  expect(skill?.wql).toBeCloseTo((2 * 2) / 12, 12);
  expect(skill?.mase).toBeCloseTo(4 / 3 / 2, 12);
  for (const { observed } of skill?.coverage ?? []) expect(observed).toBeCloseTo(2 / 3, 12);
});

test("what is unknown, asked or forecast, is left out", () => {
  const sheet = cpuSheet([days]);
  expect(sheet.skill()).toBeNull();
  sheet.score(Number.NaN, 4);
  sheet.score(4, Number.NaN);
  expect(sheet.skill()).toBeNull();
  sheet.score(4, 4);
  expect(sheet.skill()).toMatchObject({ wql: 0, mase: 0 });
  expect(sheet.others()).toBeNull();
});

test("without a day in the training half, or with a naive forecast that is always right, there is nothing to scale by", () => {
  for (const demand of [days.slice(0, 30), days.map(() => 3)]) {
    const sheet = cpuSheet([demand]);
    sheet.score(3, 4);
    expect(sheet.skill()?.mase).toBeNull();
  }
});
