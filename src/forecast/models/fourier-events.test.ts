import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import { campaign, knownSeries, MONDAY_MS, noise, rowOf } from "./demand-series.arbitrary.ts";
import { fourierEvents } from "./fourier-events.ts";

const rough = noise(1);
const model = fourierEvents({ scale: "log", season: "grid" });
const shape = (tick: number) => 100 * (1 + 0.5 * Math.sin((2 * Math.PI * tick) / 24)) * 1.001 ** tick;
const median = (known: Parameters<typeof model.fit>[0][number], from: number) =>
  rowOf(model.fit([known]).predict(0, [{ from, ticks: 1 }]))[0.5] as number;

test("trend and season go on", () => {
  const known = knownSeries({
    stepMs: HOUR_MS,
    length: 30 * 24,
    value: (tick) => shape(tick) * (1 + 0.02 * rough(tick)),
  });
  for (const from of [0, 6, 18, 40]) expect(median(known, from) / shape(30 * 24 + from)).toBeCloseTo(1, 1);
});

test("what an event did before, it does again; one never seen does what was declared, and else nothing", () => {
  const saleAt = (day: number, uplift?: number) => {
    const startMs = MONDAY_MS + day * DAY_MS + 6 * HOUR_MS;
    return campaign({ startMs, endMs: startMs + 6 * HOUR_MS, ...(uplift === undefined ? {} : { uplift }) });
  };
  const past = [4, 10, 15, 21];
  const isOn = (tick: number) => past.includes(Math.floor(tick / 24)) && tick % 24 >= 6 && tick % 24 < 12;
  const value = (tick: number) => shape(tick) * (1 + 0.02 * rough(tick));
  const lifted = { stepMs: HOUR_MS, length: 28 * 24, value: (tick: number) => value(tick) * (isOn(tick) ? 3 : 1) };
  const usual = shape(28 * 24 + 8);
  expect(median(knownSeries({ ...lifted, events: [...past, 28].map((day) => saleAt(day)) }), 8) / usual).toBeCloseTo(
    3,
    0,
  );
  const calm = { stepMs: HOUR_MS, length: 28 * 24, value };
  expect(median(knownSeries({ ...calm, events: [saleAt(28, 2)] }), 8) / usual).toBeCloseTo(2, 0);
  expect(median(knownSeries({ ...calm, events: [saleAt(28)] }), 8) / usual).toBeCloseTo(1, 1);
});

test("the days of an event are alike day by day, not all the same", () => {
  const starts = [30, 80, 150, 220];
  const events = [...starts, 300].map((day) =>
    campaign({ startMs: MONDAY_MS + day * DAY_MS, endMs: MONDAY_MS + (day + 2) * DAY_MS }),
  );
  const factor = (day: number) => (starts.includes(day) ? 4 : starts.includes(day - 1) ? 2 : 1);
  const known = knownSeries({
    stepMs: DAY_MS,
    length: 300,
    value: (day) => 1000 * factor(day) * (1 + 0.02 * rough(day)),
    events,
  });
  expect(median(known, 0) / 1000).toBeGreaterThan(3);
  expect(median(known, 1) / 1000).toBeGreaterThan(1.7);
  expect(median(known, 1) / 1000).toBeLessThan(2.2);
  expect(median(known, 2) / 1000).toBeCloseTo(1, 1);
});
