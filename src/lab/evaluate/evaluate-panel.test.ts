import { expect, test } from "vitest";
import type { ForecastModel, KnownSeries } from "../../forecast/forecast-model.ts";
import { externalEvent } from "../../model/event.ts";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { HOUR_MS, instant, timeGrid } from "../../model/time.ts";
import { evaluatePanel, type NamedSeries, type Panel } from "./evaluate-panel.ts";

const LEVELS = [0.5] as const;
const grid = timeGrid({ startMs: 0, stepMs: HOUR_MS, length: 20 });
const event = (fields: { id: string; start: number; announced: number }) =>
  externalEvent({
    ...fields,
    kind: "campaign",
    name: "sale",
    start: instant(fields.start * HOUR_MS),
    end: instant((fields.start + 2) * HOUR_MS),
    announced: instant(fields.announced * HOUR_MS),
  });

/** 0, 1, 2 ... */
const series: NamedSeries = {
  name: "ramp",
  group: "cpu",
  grid,
  values: Float64Array.from({ length: 20 }, (_, tick) => tick),
  events: [event({ id: "early", start: 12, announced: 0 }), event({ id: "late", start: 15, announced: 14 })],
};
const windows = [
  { from: 0, ticks: 1 },
  { from: 1, ticks: 2 },
];
const panel = (one: NamedSeries, origins = [10, 13]): Panel => ({
  series: [one],
  origins,
  targets: [{ name: "both", title: "", windows }],
  seasonTicks: 4,
});

/** Says the last value for every window, and keeps what it was shown. */
function lastValueSpy(): { model: ForecastModel; shown: (readonly KnownSeries[])[] } {
  const shown: (readonly KnownSeries[])[] = [];
  const model: ForecastModel = {
    name: "spy",
    fit: (known) => {
      shown.push(known);
      return {
        predict: (index, asked) =>
          new Float64Array(asked.length * LEVEL_COUNT).fill(known[index]?.values.at(-1) ?? Number.NaN),
      };
    },
  };
  return { model, shown };
}

test("at each origin a model is shown what was known then, and can reach nothing else", () => {
  const { model, shown } = lastValueSpy();
  evaluatePanel(panel(series), model, { levels: LEVELS, withEvents: true });
  expect(shown.map(([known]) => [known?.grid.length, known?.values.length])).toEqual([
    [10, 10],
    [13, 13],
  ]);
  expect(shown.map(([known]) => known?.values.buffer.byteLength)).toEqual([80, 104]);
  expect(shown.map(([known]) => known?.events.map(({ id }) => id))).toEqual([["early"], ["early"]]);
  const later = lastValueSpy();
  evaluatePanel(panel(series, [14]), later.model, { levels: LEVELS, withEvents: true });
  expect(later.shown[0]?.[0]?.events).toHaveLength(2);
  const untold = lastValueSpy();
  evaluatePanel(panel(series), untold.model, { levels: LEVELS, withEvents: false });
  expect(untold.shown[0]?.[0]?.events).toEqual([]);
});

test("windows are scored by their peak, apart by whether an event touches them", () => {
  const [skill] = evaluatePanel(panel(series), lastValueSpy().model, { levels: LEVELS, withEvents: false });
  // Origin 10: the last value is 9, the windows bring 10 and 12. Origin 13: 12; 13 and 15.
  expect(skill?.all).toMatchObject({ windows: 4, demand: 50, absoluteError: 8 });
  // Events cover 12 and 13, 15 and 16: all windows but the first one.
  expect(skill?.event).toMatchObject({ windows: 3, demand: 40 });
  expect(skill?.other).toMatchObject({ windows: 1, demand: 10 });
  expect(skill?.naiveError).toBe(4);
});

test("a window with an unknown tick is left out", () => {
  const holed = { ...series, values: series.values.map((value, tick) => (tick === 11 ? Number.NaN : value)) };
  const [skill] = evaluatePanel(panel(holed), lastValueSpy().model, { levels: LEVELS, withEvents: false });
  expect(skill?.all.windows).toBe(3);
});
