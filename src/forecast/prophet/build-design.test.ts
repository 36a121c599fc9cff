import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, timeGrid } from "../../model/time.ts";
import { buildDesign, TREND_SETTING } from "./build-design.ts";
import { ticksOf } from "./known-rows.ts";
import { START_MS } from "./prophet.arbitrary.ts";
import { sharedDesigns } from "./shared-designs.ts";
import type { Term } from "./terms.ts";

const hours = (rows: number) =>
  ticksOf(timeGrid({ startMs: START_MS, stepMs: HOUR_MS, length: 0 }), { from: 0, count: rows });
const event = (name: string, startMs: number): Term => ({
  kind: "event",
  name,
  mode: "multiplicative",
  priorScale: 2,
  spans: [{ startMs, endMs: startMs + HOUR_MS, weight: 1 }],
});
const day: Term = { kind: "season", name: "daily", periodMs: DAY_MS, order: 2, mode: "additive", priorScale: 10 };

describe("a design", () => {
  test("runs from 0 to 1 with its changepoints evenly over the first 80 %", () => {
    const { stan } = buildDesign({ moments: hours(1001), terms: [day], trend: TREND_SETTING });
    expect([stan.t[0], stan.t[500], stan.t[1000]]).toEqual([0, 0.5, 1]);
    expect(stan.S).toBe(25);
    expect(stan.t_change[24]).toBe(0.799);
    expect(stan.t_change[0]).toBeCloseTo(0.799 / 25, 3);
  });

  test("has as many changepoints as a short history has room for, and one at 0 where it has none", () => {
    const countOf = (rows: number): number =>
      buildDesign({ moments: hours(rows), terms: [day], trend: TREND_SETTING }).stan.S;
    expect([countOf(20), countOf(5), countOf(2)]).toEqual([15, 3, 1]);
    expect([...buildDesign({ moments: hours(2), terms: [], trend: TREND_SETTING }).stan.t_change]).toEqual([0]);
  });

  test("leaves out events that never occurred, and says which columns add and which multiply", () => {
    const terms = [day, event("seen", START_MS + 3 * HOUR_MS), event("to come", START_MS + 100 * HOUR_MS)];
    const { shape, stan, sums } = buildDesign({ moments: hours(50), terms, trend: TREND_SETTING });
    expect(shape.terms.map(({ name }) => name)).toEqual(["daily", "seen"]);
    expect([...stan.s_a]).toEqual([1, 1, 1, 1, 0]);
    expect([...stan.s_m]).toEqual([0, 0, 0, 0, 1]);
    expect([...stan.sigmas]).toEqual([10, 10, 10, 10, 2]);
    expect(sums).toBeUndefined();
  });

  test("without any term has one column of zeros, since Stan wants one", () => {
    const { stan } = buildDesign({ moments: hours(50), terms: [], trend: TREND_SETTING });
    expect([stan.K, stan.X.length, Math.max(...stan.X)]).toEqual([1, 50, 0]);
  });
});

test("a design is built once for series that know the same ticks, and again for others", () => {
  const designs = sharedDesigns();
  const grid = timeGrid({ startMs: START_MS, stepMs: HOUR_MS, length: 50 });
  let built = 0;
  const ask = (missing: readonly number[]) => {
    const whole = hours(50);
    const moments = { ...whole, instants: whole.instants.filter((_, row) => !missing.includes(row)) };
    return designs({ grid, events: [], moments }, () => {
      built++;
      const design = buildDesign({ moments, terms: [day], trend: TREND_SETTING });
      return { design, history: { t: whole.instants, columns: new Float64Array(0) }, covers: [] };
    });
  };
  expect(ask([])).toBe(ask([]));
  expect(ask([7, 8])).toBe(ask([7, 8]));
  expect(built).toBe(2);
  for (const missing of [[7], [8], [7, 9], [0], [49], [1]]) ask(missing);
  expect(built).toBe(8);
});
