// Our Prophet against Prophet's own Stan program (compiled to WebAssembly) and against another Prophet, on the same data.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import initAugurs, { Prophet, type ProphetOptimizer } from "@bsull/augurs/prophet";
import { optimizer as stan } from "@bsull/augurs-prophet-wasmstan";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { stanOptimizer } from "../../src/adapters/stan/stan-optimizer.ts";
import { prophetModel } from "../../src/forecast/models/prophet-model.ts";
import { buildDesign, TREND_SETTING } from "../../src/forecast/prophet/build-design.ts";
import { EVENT_SETTING } from "../../src/forecast/prophet/event-terms.ts";
import {
  expectationAt,
  expectedAt,
  fitProphet,
  stanData,
  startOf,
  viewAt,
} from "../../src/forecast/prophet/fit-prophet.ts";
import { logPosterior } from "../../src/forecast/prophet/log-posterior.ts";
import { type AnySeries, anySeries } from "../../src/forecast/prophet/prophet.arbitrary.ts";
import type { StanData, StanPoint } from "../../src/forecast/prophet/stan-data.ts";
import type { Term } from "../../src/forecast/prophet/terms.ts";
import { externalEvent } from "../../src/model/event.ts";
import { seededRandom } from "../../src/model/seeded-random.ts";
import { DAY_MS, HOUR_MS, instant, timeGrid, WEEK_MS } from "../../src/model/time.ts";

const WASM = fileURLToPath(import.meta.resolve("@bsull/augurs/prophet").replace("prophet.js", "prophet_bg.wasm"));

/** In Node it cannot fetch its own program. */
beforeAll(async () => {
  await initAugurs({ module_or_path: readFileSync(WASM) });
});

function must<Value>(result: { ok: true; value: Value } | { ok: false; error: { message: string } }): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Rounding of a sum of some hundred terms, and a fixed point that stops at 1e-10 of the variance, stay far below. */
const POSTERIOR_ROUNDING = 1e-6;

describe("the exact optimizer and Stan, on any additive series", () => {
  const compare = ({ moments, values, terms, trend }: AnySeries) => {
    const design = buildDesign({ moments, terms, trend });
    const data = stanData(design, values);
    const ours = must(fitProphet(design, { values }));
    return { data, ours, stans: stanOptimizer.optimize(data, startOf(data)), design };
  };

  test("ours is never worse, and what it expects lies as near as the posteriors do", () => {
    let found = 0;
    fc.assert(
      fc.property(anySeries, (series) => {
        const { data, ours, stans, design } = compare(series);
        if (!stans.ok) return;
        found++;
        const better = logPosterior(data, ours.point) - logPosterior(data, stans.value);
        expect(better).toBeGreaterThanOrEqual(-POSTERIOR_ROUNDING);
        const view = viewAt(design.shape, series.moments);
        const expected = (point: StanPoint): Float64Array => expectedAt(expectationAt({ ...ours, point }, view));
        const [here, there] = [expected(ours.point), expected(stans.value)];
        const apart = Math.sqrt(here.reduce((sum, each, row) => sum + (each - (there[row] ?? 0)) ** 2, 0) / data.T);
        // At equal sigma the posterior falls from its top by at least T (apart / sigma)^2 / 2; sigmas differ a little.
        const sigma = Math.max(ours.point.sigma, stans.value.sigma) * ours.scale;
        expect(apart).toBeLessThanOrEqual(
          2 * sigma * Math.sqrt((2 * Math.max(better, 0)) / data.T) + 1e-6 * ours.scale,
        );
      }),
      { seed: 1, numRuns: 60 },
    );
    expect(found).toBeGreaterThan(50);
  });

  test("where Stan comes near the highest posterior, they expect the same a day ahead, to a fraction of the noise", () => {
    const apart: number[] = [];
    fc.assert(
      fc.property(anySeries, (series) => {
        const { data, ours, stans, design } = compare(series);
        if (!stans.ok || logPosterior(data, ours.point) - logPosterior(data, stans.value) > 1) return;
        const last = series.moments.instants.at(-1) ?? 0;
        const instants = Float64Array.from({ length: 24 }, (_, hour) => last + (hour + 1) * HOUR_MS);
        const view = viewAt(design.shape, { instants, tickMs: 0 });
        const [here, there] = [ours.point, stans.value].map((point) =>
          expectedAt(expectationAt({ ...ours, point }, view)),
        );
        const distance = here?.reduce((sum, each, hour) => sum + Math.abs(each - (there?.[hour] ?? 0)), 0) ?? 0;
        apart.push(distance / 24 / (ours.point.sigma * ours.scale));
      }),
      { seed: 2, numRuns: 40 },
    );
    apart.sort((a, b) => a - b);
    expect(apart.length).toBeGreaterThan(15);
    expect(apart[Math.floor(apart.length / 2)]).toBeLessThan(0.05);
    expect(apart[Math.floor(apart.length * 0.9)]).toBeLessThan(0.3);
  });
});

/** What Stan prints of the point it starts from. */
function stansLogPosterior(data: StanData, { sigma, ...start }: StanPoint): number {
  const rows = Array.from({ length: data.T }, (_, row) => [...data.X.subarray(row * data.K, (row + 1) * data.K)]);
  const json = JSON.stringify({ ...data, X: rows }, (_, value) => (value instanceof Float64Array ? [...value] : value));
  const { logs } = stan.optimize({ ...start, sigmaObs: sigma }, json, { algorithm: "lbfgs", iter: 1, jacobian: false });
  return Number(/Initial log joint probability = (\S+)/.exec(logs.info)?.[1]);
}

describe.each(["linear", "logistic", "flat"] as const)("a %s trend", (growth) => {
  const random = seededRandom(5);
  const instants = Float64Array.from({ length: 150 }, (_, row) => Date.UTC(2026, 0, 5) + row * 3 * HOUR_MS);
  const moments = { instants, tickMs: 0 };
  const trend = { ...TREND_SETTING, growth, cap: 9 };
  const season = { kind: "season", periodMs: DAY_MS, order: 2, priorScale: 10 } as const;
  const terms: Term[] = [
    { ...season, name: "daily", mode: "multiplicative" },
    { ...season, name: "weekly", periodMs: WEEK_MS, mode: "additive" },
  ];
  const curve = (row: number): number => (growth === "flat" ? 4 : 8 / (1 + Math.exp(3 - row / 25)));
  const values = instants.map(
    (at, row) => curve(row) * (1 + 0.3 * Math.sin((2 * Math.PI * at) / DAY_MS)) + 0.1 * random.normal(),
  );
  const design = buildDesign({ moments, terms, trend });
  const data = stanData(design, values);

  test("has the log posterior that Stan says, at any point", () => {
    for (let point = 0; point < 5; point++) {
      const start: StanPoint = {
        k: 0.5 + 0.2 * random.normal(),
        m: 0.5 + 0.1 * random.normal(),
        delta: Float64Array.from({ length: data.S }, () => 0.01 * random.normal()),
        beta: Float64Array.from({ length: data.K }, () => 0.1 * random.normal()),
        sigma: 0.3 + 0.2 * random.next(),
      };
      expect(logPosterior(data, start) / stansLogPosterior(data, start)).toBeCloseTo(1, 5);
    }
  });

  test("with a multiplicative season is fitted through Stan's optimizer", () => {
    const { point, scale } = must(fitProphet(design, { values, optimizer: stanOptimizer }));
    expect(logPosterior(data, point)).toBeGreaterThan(logPosterior(data, startOf(data)) + 100);
    const expected = expectedAt(expectationAt({ shape: design.shape, point, scale }, viewAt(design.shape, moments)));
    const error = expected.reduce((sum, each, row) => sum + Math.abs(each - (values[row] ?? 0)), 0) / values.length;
    expect(error).toBeLessThan(0.2);
  });
});

test("multiplicative events work behind the seam", () => {
  const events = [2, 5, 8, 12, 14].map((day) => {
    const start = instant(Date.UTC(2026, 0, 5) + day * DAY_MS);
    const end = instant(start + 6 * HOUR_MS);
    return externalEvent({ id: `${day}`, kind: "campaign", name: "sale", start, end, announced: instant(0) });
  });
  const grid = timeGrid({ startMs: Date.UTC(2026, 0, 5), stepMs: HOUR_MS, length: 14 * 24 });
  const random = seededRandom(1);
  const values = Float64Array.from({ length: grid.length }, (_, hour) => {
    const at = grid.startMs + hour * HOUR_MS;
    return (events.some(({ start, end }) => at >= start && at < end) ? 7.5 : 5) + 0.2 * random.normal();
  });
  const setting = { ...EVENT_SETTING, mode: "multiplicative" } as const;
  const fitted = prophetModel({ values: "plain", events: setting, optimizer: stanOptimizer }).fit([
    { grid, values, events },
  ]);
  expect(fitted.explain?.(0)).toMatch(/campaign\/sale \+(49|50|51) %/);
  expect(fitted.predict(0, [{ from: 2, ticks: 1 }])[3]).toBeCloseTo(7.5, 0);
});

describe("augurs' Prophet, another implementation of the same features", () => {
  const STEP_MS = 2 * HOUR_MS;
  const ROWS = 400;
  const AHEAD = 36;
  const random = seededRandom(9);
  const at = (row: number): number => Date.UTC(2026, 0, 5) + row * STEP_MS;
  const spans = [20, 90, 95, 300, 410].map((row) => ({ startMs: at(row) + HOUR_MS, endMs: at(row + 2), weight: 1 }));
  const isOn = (row: number): boolean => spans.some(({ startMs, endMs }) => at(row) >= startMs && at(row) < endMs);
  const values = Float64Array.from({ length: ROWS }, (_, row) => {
    const turn = (2 * Math.PI * row * STEP_MS) / DAY_MS;
    return 5 + row / 200 + Math.sin(turn) + 0.3 * Math.cos(turn / 7) + (isOn(row) ? 2 : 0) + 0.2 * random.normal();
  });
  const shared = { mode: "additive", priorScale: 10 } as const;
  const design = buildDesign({
    moments: { instants: Float64Array.from(values, (_, row) => at(row)), tickMs: 0 },
    terms: [
      { kind: "season", name: "daily", periodMs: DAY_MS, order: 4, ...shared },
      { kind: "season", name: "weekly", periodMs: WEEK_MS, order: 3, ...shared },
      { kind: "event", name: "sale", spans, ...shared },
    ],
    trend: TREND_SETTING,
  });

  /** What it hands to its optimizer, and what it forecasts. */
  function augurs(): { handed: Record<string, number[]> & { X: number[][] }; forecast: number[] } {
    let handed: ReturnType<typeof augurs>["handed"] | undefined;
    const optimizer: ProphetOptimizer = {
      optimize: (start, data, options) => {
        handed = JSON.parse(data);
        return stan.optimize(start, data, { ...options, seed: 1 });
      },
    };
    const prophet = new Prophet({
      optimizer,
      // Without it there are no intervals; "auto" leaves out the week of a span a little short of two.
      intervalWidth: 0.8,
      weeklySeasonality: { type: "manual", enabled: true },
      holidays: new Map([
        ["sale", { occurrences: spans.map(({ startMs, endMs }) => ({ start: startMs / 1000, end: endMs / 1000 })) }],
      ]),
      holidaysPriorScale: 10,
    });
    const seconds = (from: number, count: number): number[] =>
      Array.from({ length: count }, (_, row) => at(from + row) / 1000);
    prophet.fit({ ds: seconds(0, ROWS), y: [...values] });
    const { yhat } = prophet.predict({ ds: seconds(ROWS, AHEAD) });
    if (handed === undefined) throw new Error("the optimizer was not asked");
    return { handed, forecast: yhat.point };
  }

  test("makes the same Stan data of it, but for the order of the columns", () => {
    const { handed } = augurs();
    const data = stanData(design, values);
    for (const name of ["t", "y", "cap", "t_change", "sigmas", "s_a", "s_m"] as const) {
      expect(handed[name]).toHaveLength(data[name].length);
      data[name].forEach((number, index) => {
        expect(handed[name]?.[index]).toBeCloseTo(number, 12);
      });
    }
    expect(handed).toMatchObject({ T: data.T, K: data.K, S: data.S, tau: data.tau, trend_indicator: 0 });
    for (let column = 0; column < data.K; column++) {
      const apart = Array.from({ length: data.K }, (_, other) =>
        handed.X.reduce(
          (most, row, at) => Math.max(most, Math.abs((row[other] ?? 0) - (data.X[at * data.K + column] ?? 0))),
          0,
        ),
      );
      expect(Math.min(...apart)).toBeLessThan(1e-7);
    }
  });

  test("forecasts the same", () => {
    const ours = must(fitProphet(design, { values }));
    const instants = Float64Array.from({ length: AHEAD }, (_, row) => at(ROWS + row));
    const expected = expectedAt(expectationAt(ours, viewAt(design.shape, { instants, tickMs: 0 })));
    const { forecast } = augurs();
    const sigma = ours.point.sigma * ours.scale;
    expected.forEach((amount, row) => {
      expect(Math.abs(amount - (forecast[row] ?? Number.NaN))).toBeLessThan(0.2 * sigma);
    });
  });
});
