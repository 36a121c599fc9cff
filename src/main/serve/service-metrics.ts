// What the service tells Prometheus of itself and of the fleet: names and units by its conventions, one series for each cell at most.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { TickReport } from "../../control/loop.ts";
import type { CellId } from "../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";

export interface ServiceMetrics {
  readonly contentType: string;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  ticked(report: TickReport, tookMs: number): void;
  failed(cell: CellId | undefined): void;
  samples(rows: number): void;
  /** The cell does not run here any more. */
  forget(cell: CellId): void;
}

const TICK_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export function createServiceMetrics(version: string): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const own = { registers: [registry] };
  const ofCell = { ...own, labelNames: ["cell"] as const };
  new Gauge({ ...own, name: "headroom_info", help: "Version that runs.", labelNames: ["version"] }).set({ version }, 1);
  const tickSeconds = new Histogram({
    ...ofCell,
    name: "headroom_tick_duration_seconds",
    help: "From asking for samples to having stored what was decided.",
    buckets: TICK_SECONDS,
  });
  const lastTick = new Gauge({
    ...ofCell,
    name: "headroom_last_tick_timestamp_seconds",
    help: "End of the newest tick.",
  });
  const interval = new Gauge({
    ...ofCell,
    name: "headroom_tick_interval_seconds",
    help: "A tick is due so often.",
  });
  const failures = new Counter({
    ...ofCell,
    name: "headroom_failures_total",
    help: "Ticks, checkpoints and plans that failed.",
  });
  const rows = new Counter({
    ...own,
    name: "headroom_samples_received_total",
    help: "Rows of samples that were stored.",
  });
  const decisions = new Counter({
    ...own,
    name: "headroom_decisions_total",
    help: "Decision records, by kind.",
    labelNames: ["cell", "kind"],
  });
  const vms = new Gauge({ ...ofCell, name: "headroom_vms", help: "VMs of the cell." });
  const silent = new Gauge({
    ...ofCell,
    name: "headroom_silent_vms",
    help: "VMs without a usable CPU sample in the last tick.",
  });
  const amounts = amountGauges(registry);
  const everyGauge = [lastTick, interval, vms, silent, ...amounts.map(({ gauge }) => gauge)];
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    ticked(report, tookMs) {
      const { state } = report.cell;
      const { cell, vmIds } = state.layout;
      tickSeconds.observe({ cell }, tookMs / 1000);
      lastTick.set({ cell }, state.at / 1000);
      interval.set({ cell }, state.layout.stepMs / 1000);
      for (const { kind } of report.records) decisions.inc({ cell, kind });
      vms.set({ cell }, vmIds.length);
      silent.set({ cell }, vmIds.filter((_, vm) => Number.isNaN(report.observed.demand[vm * RESOURCE_COUNT])).length);
      for (const { gauge, sum } of amounts) gauge.set({ cell }, sum(report));
    },
    failed: (cell) => failures.inc({ cell: cell ?? "" }),
    samples: (count) => rows.inc(count),
    forget(cell) {
      for (const gauge of everyGauge) gauge.remove({ cell });
      tickSeconds.remove({ cell });
    },
  };
}

const UNITS: Readonly<Record<Resource, string>> = {
  cpu: "cores",
  memory: "bytes",
  network: "bytes_per_second",
  storage: "bytes_per_second",
};

interface AmountGauge {
  readonly gauge: Gauge<"cell">;
  readonly sum: (report: TickReport) => number;
}

/** Sums over a cell: demand that was seen, bases, leases, buffers, and what of all that is free. */
function amountGauges(registry: Registry): readonly AmountGauge[] {
  return RESOURCES.flatMap((resource, offset) => {
    const total = (column: ArrayLike<number>) => totalOf(column, offset);
    const what: readonly [string, string, AmountGauge["sum"]][] = [
      ["demand", "Demand of all VMs that sent a sample.", ({ observed }) => total(observed.demand)],
      ["base", "What VMs have by contract.", ({ cell }) => total(cell.state.layout.base)],
      ["allocated", "Bases and leases.", ({ cell }) => total(cell.state.allocations)],
      ["buffer", "What shadow VMs hold for whoever bursts first.", ({ cell }) => total(cell.state.buffers)],
      [
        "headroom",
        "Allocations and buffers less demand.",
        ({ cell: { state }, observed }) => total(state.allocations) + total(state.buffers) - total(observed.demand),
      ],
    ];
    return what.map(([name, help, sum]) => ({
      sum,
      gauge: new Gauge({
        registers: [registry],
        labelNames: ["cell"] as const,
        name: `headroom_${resource}_${name}_${UNITS[resource]}`,
        help,
      }),
    }));
  });
}

function totalOf(column: ArrayLike<number>, offset: number): number {
  let sum = 0;
  for (let place = offset; place < column.length; place += RESOURCE_COUNT) {
    const amount = column[place] as number;
    if (!Number.isNaN(amount)) sum += amount;
  }
  return sum;
}
