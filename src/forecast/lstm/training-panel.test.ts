import { expect, test } from "vitest";
import { MINUTE_MS } from "../../model/time.ts";
import { readDemand } from "../demand-history.ts";
import type { DemandPanel } from "./demand-panel.ts";
import { trainingPanel } from "./training-panel.ts";

const VMS = 12;
const TICKS = 600;

/** VM v bursts to 10 at ticks that v divides; else it rests at 1. */
const source = {
  startMs: 0,
  stepMs: 5 * MINUTE_MS,
  values: Array.from({ length: VMS * 4 }, (_, series) =>
    Float64Array.from({ length: TICKS }, (_, tick) => (tick % (40 + series) === 0 ? 10 : 1)),
  ),
  resources: Array.from({ length: VMS * 4 }, (_, series) => series % 4),
  floors: Float64Array.from({ length: VMS * 4 }, () => 0.01),
};

const stretchOf = ({ history }: DemandPanel, series: number, ticks: number) =>
  Float64Array.from({ length: ticks }, (_, tick) => readDemand(history, series, tick));

test("groups follow the VMs, resource by resource, each with its own siblings", () => {
  const panel = trainingPanel(source);
  expect(panel.seriesCount).toBe(VMS * 4 + 8 * 4);
  expect([...panel.resources.subarray(VMS * 4, VMS * 4 + 4)]).toEqual([0, 1, 2, 3]);
  expect([...panel.siblings.subarray(VMS * 4 * 3, VMS * 4 * 3 + 3)]).toEqual([49, 50, 51]);
});

test("a group's series is what its ten members needed beyond their usual demand", () => {
  const panel = trainingPanel(source);
  const group = stretchOf(panel, VMS * 4, TICKS);
  for (let tick = 300; tick < TICKS; tick++) {
    const bursting = Array.from({ length: VMS }, (_, vm) => source.values[vm * 4]?.[tick] === 10).filter(
      Boolean,
    ).length;
    expect((group[tick] ?? Number.NaN) % 9).toBe(0);
    expect(group[tick]).toBeLessThanOrEqual(9 * bursting);
  }
  expect(Math.max(...group.subarray(300))).toBeGreaterThan(0);
});

test("what a group holds at a tick depends on nothing later", () => {
  const cut = trainingPanel({ ...source, values: source.values.map((values) => values.subarray(0, 500)) });
  const whole = trainingPanel(source);
  for (const series of [VMS * 4, VMS * 4 + 7])
    expect([...stretchOf(whole, series, 500)]).toEqual([...stretchOf(cut, series, 500)]);
});
