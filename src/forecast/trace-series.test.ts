import { expect, test } from "vitest";
import { DEMAND_FLOORS } from "../model/resources.ts";
import { series } from "../model/series.ts";
import { timeGrid } from "../model/time.ts";
import type { TraceVm } from "../model/trace.ts";
import { panelSourceOf, recordedSeries } from "./trace-series.ts";

const grid = timeGrid({ startMs: 600_000, stepMs: 300_000, length: 3 });
const values = (...of: number[]) => series(grid, Float64Array.from(of));
const vms: TraceVm[] = [
  { name: "a", provisioned: {}, demand: { storage: values(1, 2, 3), cpu: values(4, 5, 6) } },
  { name: "b", provisioned: {}, demand: {} },
  { name: "c", provisioned: {}, demand: { memory: values(7, Number.NaN, 9) } },
];

test("what a VM records comes in the order of resources, with the others of the same VM as siblings", () => {
  const all = recordedSeries({ grid, vms });
  expect(all.map(({ resource, siblings }) => [resource, siblings])).toEqual([
    ["cpu", [1]],
    ["storage", [0]],
    ["memory", []],
  ]);
  expect(all[0]?.values).toBe(vms[0]?.demand.cpu?.values);
});

test("a panel holds nothing from the given tick on", () => {
  const source = panelSourceOf({ grid, vms }, 2);
  expect(source.values.map((each) => Array.from(each))).toEqual([
    [4, 5],
    [1, 2],
    [7, Number.NaN],
  ]);
  expect(source).toMatchObject({ startMs: 600_000, stepMs: 300_000, resources: [0, 3, 1], siblings: [[1], [0], []] });
  expect(source.floors).toEqual([DEMAND_FLOORS.cpu, DEMAND_FLOORS.storage, DEMAND_FLOORS.memory]);
});
