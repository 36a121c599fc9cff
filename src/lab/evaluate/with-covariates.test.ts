import { expect, test } from "vitest";
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import { COVARIATE_COUNT } from "../../forecast/window-covariates.ts";
import { externalEvent } from "../../model/event.ts";
import { HOUR_MS, instant, timeGrid } from "../../model/time.ts";
import { withCovariates } from "./with-covariates.ts";

const ORIGIN_MS = Date.UTC(2026, 2, 4);
const grid = timeGrid({ startMs: ORIGIN_MS - 48 * HOUR_MS, stepMs: HOUR_MS, length: 48 });
const QUIET: KnownSeries = { grid, values: new Float64Array(48).fill(1), events: [] };
const SALE = externalEvent({
  id: "1",
  kind: "campaign",
  name: "sale",
  start: instant(ORIGIN_MS + 3 * HOUR_MS),
  end: instant(ORIGIN_MS + 5 * HOUR_MS),
  announced: instant(0),
  declaredUplift: 2,
});

test("what is announced is told as numbers of the window in which it happens", () => {
  const told = withCovariates({ ...QUIET, events: [SALE] });
  const sumAt = (from: number) => {
    const values = new Float32Array(COVARIATE_COUNT);
    told.covariates?.({ from, ticks: 1 }, { values, at: 0, scale: 1 });
    return values.reduce((sum, value) => sum + value, 0);
  };
  expect(sumAt(3)).toBeGreaterThan(sumAt(0));
  expect(sumAt(0)).toBeGreaterThan(0);
});

test("where there is nothing to tell nothing is added, nor where it is announced later", () => {
  expect(withCovariates(QUIET)).toBe(QUIET);
  const later = { ...SALE, announced: instant(ORIGIN_MS + HOUR_MS) };
  expect(withCovariates({ ...QUIET, events: [later] }).covariates).toBeUndefined();
});
