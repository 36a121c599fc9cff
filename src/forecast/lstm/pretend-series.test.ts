import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS } from "../../model/time.ts";
import { readDemand } from "../demand-history.ts";
import { type DemandPanel, demandPanel } from "./demand-panel.ts";
import { pretend } from "./pretend-series.ts";

const TICKS = 500;
const random = seededRandom(4);
const values = Array.from({ length: 3 }, () => Float64Array.from({ length: TICKS }, () => 1 + random.next()));

function panelOf(series: readonly Float64Array[]): DemandPanel {
  return demandPanel({ startMs: 0, stepMs: HOUR_MS, values: series, resources: [0, 0, 0], floors: [0.1, 0.1, 0.1] });
}

const numbersOf = ({ history, scales }: DemandPanel) => ({ codes: [...history.codes], scales: [...scales] });
const demandOf = ({ history }: DemandPanel, series: number) =>
  Float64Array.from({ length: TICKS }, (_, tick) => readDemand(history, series, tick));

test.each([
  ["in the middle", 300, 340],
  ["lower than before", 300, 460],
  ["from before the first tick", -20, 30],
  ["beyond the last tick", 480, 600],
  ["after all of it", 700, 800],
])("what lies %s is lifted as if it had been so from the beginning, and back without a trace", (name, from, to) => {
  const factor = name === "lower than before" ? 0.3 : 3;
  const panel = panelOf(values);
  const before = numbersOf(panel);
  const lift = { from, to, factorAt: (tick: number) => (tick % 5 === 0 ? 1 : factor) };
  const takeBack = pretend(panel, { series: 1, lift, scalesTo: TICKS + 1 });
  const lifted = values.map((each, series) =>
    each.map((value, tick) => (series === 1 && tick >= from && tick < to ? value * lift.factorAt(tick) : value)),
  );
  const expected = panelOf(lifted);
  for (const series of [0, 1, 2])
    for (const [tick, demand] of demandOf(expected, series).entries())
      expect((readDemand(panel.history, series, tick) ?? 0) / demand).toBeCloseTo(1, 3);
  for (const [place, scale] of expected.scales.entries()) expect((panel.scales[place] ?? 0) / scale).toBeCloseTo(1, 3);
  takeBack();
  expect(numbersOf(panel)).toEqual(before);
});

test("scales that nobody is going to read stay as they are", () => {
  const panel = panelOf(values);
  const before = panel.scales.slice();
  pretend(panel, { series: 0, lift: { from: 100, to: 200, factorAt: () => 9 }, scalesTo: 150 });
  expect(panel.scales[149]).toBeGreaterThan(9);
  expect(panel.scales.subarray(150)).toEqual(before.subarray(150));
});

test("a series that is younger than it is has the scales of a young one, until it is a week old", () => {
  const panel = panelOf(values);
  const before = numbersOf(panel);
  const takeBack = pretend(panel, { series: 2, bornAt: 200, scalesTo: 450 });
  const since = panelOf(values.map((each) => each.subarray(200)));
  for (let next = 201; next < 450; next++) {
    const scale = since.scales[2 * (since.ticks + 1) + next - 200] ?? Number.NaN;
    expect((panel.scales[2 * (TICKS + 1) + next] ?? 0) / scale).toBeCloseTo(1, 3);
  }
  expect([...panel.scales.subarray(0, 2 * (TICKS + 1) + 201)]).toEqual(before.scales.slice(0, 2 * (TICKS + 1) + 201));
  takeBack();
  expect(numbersOf(panel)).toEqual(before);
});

test("a young series may be lifted, too: its scales follow", () => {
  const panel = panelOf(values);
  const before = numbersOf(panel);
  const lift = { from: 210, to: 220, factorAt: () => 5 };
  const takeBack = pretend(panel, { series: 0, lift, bornAt: 205, scalesTo: 300 });
  expect(panel.scales[210]).toBeLessThan(2.1);
  expect(panel.scales[250]).toBeGreaterThan(5);
  takeBack();
  expect(numbersOf(panel)).toEqual(before);
});
