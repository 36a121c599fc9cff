// A recorded trace as the series that models learn from: those that it records, VM by VM, each with its siblings.
import { DEMAND_FLOORS, RESOURCES, type Resource } from "../model/resources.ts";
import type { Trace } from "../model/trace.ts";
import type { KnownSeries } from "./forecast-model.ts";
import type { PanelSource } from "./lstm/demand-panel.ts";

export interface RecordedSeries extends KnownSeries {
  readonly resource: Resource;
  readonly siblings: readonly number[];
}

/** Values are those of the trace, not copies. */
export function recordedSeries({ grid, vms }: Pick<Trace, "grid" | "vms">): RecordedSeries[] {
  const all: RecordedSeries[] = [];
  for (const { demand } of vms) {
    const first = all.length;
    const own = RESOURCES.flatMap((resource) => {
      const values = demand[resource]?.values;
      return values === undefined ? [] : [{ resource, values }];
    });
    for (const [place, one] of own.entries()) {
      const siblings = own.flatMap((_, other) => (other === place ? [] : [first + other]));
      all.push({ grid, ...one, siblings, events: [] });
    }
  }
  return all;
}

/** The first `ticks` of all series; what comes later is left out. */
export function panelSourceOf(trace: Pick<Trace, "grid" | "vms">, ticks: number): PanelSource {
  const series = recordedSeries(trace);
  return {
    startMs: trace.grid.startMs,
    stepMs: trace.grid.stepMs,
    values: series.map(({ values }) => values.subarray(0, ticks)),
    resources: series.map(({ resource }) => RESOURCES.indexOf(resource)),
    floors: series.map(({ resource }) => DEMAND_FLOORS[resource]),
    siblings: series.map(({ siblings }) => siblings),
    ceilings: trace.vms.flatMap(({ demand, provisioned }) =>
      RESOURCES.filter((resource) => demand[resource] !== undefined).map((resource) => provisioned[resource]),
    ),
  };
}
