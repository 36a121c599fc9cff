// One host under the peers' policies: each VM and resource planned by itself, all knobs in one pass, no buffer.
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../model/resources.ts";
import { DAY_MS, HOUR_MS, ticksPer } from "../model/time.ts";
import type { HostCase } from "./host-case.ts";
import type { Policy, SeriesPlanner } from "./policy.ts";
import { createSheet, type ScoreSheet, scoreInterval } from "./score.ts";

/** One sheet a knob. */
export function replayPeer(host: HostCase, resource: Resource, policy: Policy): ScoreSheet[] {
  const { vmNames, grid, firstScored } = host;
  const sheets = policy.knobs.map(() => createSheet(vmNames.length));
  const allocations = policy.knobs.map(() => new Float64Array(vmNames.length));
  const demand = new Float64Array(vmNames.length);
  const columns = columnsOf(host, resource);
  const plan = planWith(host, { resource, policy });
  for (let tick = 0; tick < grid.length; tick++) {
    for (let vm = 0; vm < demand.length; vm++) demand[vm] = columns[vm]?.[tick] ?? Number.NaN;
    if (tick >= firstScored) {
      plan.decide(demand, allocations);
      for (const [knob, sheet] of sheets.entries())
        scoreInterval(sheet, { demand, allocations: allocations[knob] ?? [], buffer: 0 });
    }
    plan.observe(demand);
  }
  return sheets;
}

interface HostPlan {
  /** `demand` is for the clairvoyant only. */
  decide(demand: Float64Array, allocations: readonly Float64Array[]): void;
  observe(demand: Float64Array): void;
}

function planWith(host: HostCase, { resource, policy }: { resource: Resource; policy: Policy }): HostPlan {
  const offset = RESOURCES.indexOf(resource);
  const row = new Float64Array(policy.knobs.length);
  const planners = startPlanners(host, { offset, policy });
  const { planning } = policy;
  const raise = (vm: number, allocations: readonly Float64Array[]): void => {
    const base = host.base[vm * RESOURCE_COUNT + offset] as number;
    for (let knob = 0; knob < row.length; knob++) {
      const wish = row[knob] as number;
      (allocations[knob] as Float64Array)[vm] = wish > base ? wish : base;
    }
  };
  return {
    decide(demand, allocations) {
      for (let vm = 0; vm < demand.length; vm++) {
        if (planning.kind === "clairvoyant") planning.allocate(demand[vm] as number, row);
        else planners[vm]?.decide(row);
        raise(vm, allocations);
      }
    },
    observe(demand) {
      for (let vm = 0; vm < planners.length; vm++) (planners[vm] as SeriesPlanner).observe(demand[vm] as number);
    },
  };
}

function startPlanners(host: HostCase, { offset, policy }: { offset: number; policy: Policy }): SeriesPlanner[] {
  const { planning } = policy;
  if (planning.kind === "clairvoyant") return [];
  const resource = RESOURCES[offset] ?? "cpu";
  const { stepMs } = host.grid;
  return host.vmNames.map((_, vm) =>
    planning.start({
      resource,
      ticksPerHour: ticksPer(HOUR_MS, stepMs),
      ticksPerDay: ticksPer(DAY_MS, stepMs),
      fixedSize: host.fixedSize[vm * RESOURCE_COUNT + offset] ?? 0,
    }),
  );
}

function columnsOf(host: HostCase, resource: Resource): readonly (Float64Array | undefined)[] {
  const offset = RESOURCES.indexOf(resource);
  return host.vmNames.map((_, vm) => host.demand[vm * RESOURCE_COUNT + offset]);
}
