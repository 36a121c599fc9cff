import { expect, test } from "vitest";
import type { PanelSource } from "../../forecast/lstm/demand-panel.ts";
import { instant, timeGrid } from "../../model/time.ts";
import { planOf, runNameOf, spanUntil } from "./training-plan.ts";

const grid = timeGrid({ startMs: 1_000_000, stepMs: 1_000, length: 101 });

test("a share of the trace is rounded down, so that it never reaches into the scored half", () => {
  expect(spanUntil(grid, { share: 0.5 })).toMatchObject({ ok: true, value: { ticks: 50 } });
  expect(spanUntil(grid, { share: 1 })).toMatchObject({ ok: true, value: { ticks: 101 } });
});

test("an instant ends the span before the tick that it lies in; one after the trace takes all of it", () => {
  expect(spanUntil(grid, { at: instant(1_010_500) })).toMatchObject({ ok: true, value: { ticks: 10 } });
  expect(spanUntil(grid, { at: instant(9_000_000) })).toMatchObject({ ok: true, value: { ticks: 101 } });
});

test("before the first tick there is nothing to learn", () => {
  for (const until of [{ at: instant(1_000_000) }, { at: instant(0) }, { share: 0.001 }])
    expect(spanUntil(grid, until)).toMatchObject({ ok: false, error: { kind: "bad-input" } });
});

test("long runs look twenty times or more, short ones now and then, and none stops in its first four tenths", () => {
  for (const steps of [1, 20, 400, 10_000, 1_000_000]) {
    const { validateEvery, patience } = planOf({ steps, seed: 1 });
    expect(validateEvery * patience).toBeGreaterThanOrEqual(0.4 * steps);
    expect(validateEvery).toBeGreaterThanOrEqual(50);
    expect(validateEvery).toBeLessThanOrEqual(500);
  }
  expect(planOf({ steps: 10_000, seed: 1 }).validateEvery).toBe(500);
});

test("a run has another name when anything differs that its result depends on", () => {
  const source: PanelSource = {
    startMs: 0,
    stepMs: 1_000,
    values: [Float64Array.of(1, 2, 3), Float64Array.of(4, Number.NaN, 6)],
    resources: [0, 1],
    floors: [1, 1],
    siblings: [[1], [0]],
  };
  const span = { ticks: 3, validationShare: 0.15 };
  const plan = planOf({ steps: 100, seed: 1 });
  const names = [
    { source, span, plan },
    { source: { ...source, values: [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)] }, span, plan },
    { source: { ...source, startMs: 1_000 }, span, plan },
    { source, span: { ...span, ticks: 2 }, plan },
    { source, span, plan: planOf({ steps: 101, seed: 1 }) },
    { source, span, plan: planOf({ steps: 100, seed: 2 }) },
  ].map(runNameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(runNameOf({ source: { ...source }, span, plan })).toBe(names[0]);
  expect(names[0]).toMatch(/^[0-9a-f]{12}$/);
});
