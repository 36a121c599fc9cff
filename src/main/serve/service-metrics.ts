// What the service tells Prometheus of itself and of the fleet: names and units by its conventions, one series for each cell at most.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { CellId } from "../../model/fleet.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { AMOUNT_NAMES, type TickFigures } from "./tick-figures.ts";

export interface ServiceMetrics {
  readonly contentType: string;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  ticked(figures: TickFigures): void;
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
    ticked(figures) {
      const { cell } = figures;
      tickSeconds.observe({ cell }, figures.tookMs / 1000);
      lastTick.set({ cell }, figures.at / 1000);
      interval.set({ cell }, figures.stepMs / 1000);
      for (const [kind, count] of Object.entries(figures.decisions)) decisions.inc({ cell, kind }, count);
      vms.set({ cell }, figures.vms);
      silent.set({ cell }, figures.silent);
      for (const { gauge, amount } of amounts) gauge.set({ cell }, amount(figures));
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
  readonly amount: (figures: TickFigures) => number;
}

const HELP: Readonly<Record<(typeof AMOUNT_NAMES)[number], string>> = {
  demand: "Demand of all VMs that sent a sample.",
  base: "What VMs have by contract.",
  allocated: "Bases and leases.",
  buffer: "What shadow VMs hold for whoever bursts first.",
  headroom: "Allocations and buffers less demand.",
};

/** Sums over a cell: demand that was seen, bases, leases, buffers, and what of all that is free. */
function amountGauges(registry: Registry): readonly AmountGauge[] {
  return RESOURCES.flatMap((resource) =>
    AMOUNT_NAMES.map((name) => ({
      amount: ({ amounts }: TickFigures) => amounts[resource][name],
      gauge: new Gauge({
        registers: [registry],
        labelNames: ["cell"] as const,
        name: `headroom_${resource}_${name}_${UNITS[resource]}`,
        help: HELP[name],
      }),
    })),
  );
}
