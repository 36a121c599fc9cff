// One host under our own policies: one forecaster, and for every knob a cell of its own that runs the same `step` as production.
import { layOut } from "../control/cell-layout.ts";
import {
  type CellState,
  createCellState,
  type Pace,
  pooledPromise,
  type ServicePromise,
} from "../control/cell-state.ts";
import { demandFloors } from "../control/loop.ts";
import { step } from "../control/step.ts";
import { advance, createDemandEngine } from "../forecast/demand-engine.ts";
import type { KernelInference } from "../forecast/network/kernel-inference.ts";
import type { HostId, PoolId, Vm, VmId, WorkloadId } from "../model/fleet.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { NOTHING, RESOURCE_COUNT, resourceVector, UNLIMITED_AMOUNT } from "../model/resources.ts";
import type { ShadowVm, ShadowVmId } from "../model/shadow-vm.ts";
import { DAY_MS, startOfTick, ticksPer } from "../model/time.ts";
import { type HostCase, readTick } from "./host-case.ts";

/** The closed loops start this many days before the first scored tick, in the training half. */
const WARM_UP_DAYS = 8;

const UNLIMITED = resourceVector({
  cpu: UNLIMITED_AMOUNT,
  memory: UNLIMITED_AMOUNT,
  network: UNLIMITED_AMOUNT,
  storage: UNLIMITED_AMOUNT,
});

export interface HeadroomTick {
  readonly tick: number;
  /** [vm x 4 + resource] what the tick really demanded. */
  readonly demand: Float64Array;
  /** [series x level] as forecast before the tick. */
  readonly quantiles: Float64Array;
  /** One for each promise, with what was in force during the tick. */
  readonly cells: readonly CellState[];
}

export interface HeadroomReplay {
  readonly host: HostCase;
  readonly promises: readonly ServicePromise[];
  /** A network trained on nothing later than the training half; without it statistics forecast alone. */
  readonly network?: KernelInference;
  /** What steps believe in place of what was forecast; buffers are forecast all the same. */
  readonly believed?: Belief;
  readonly onScored: (tick: HeadroomTick) => void;
}

/** [series x level] for the tick to come, from what was forecast for it and the demand of the tick just past; called tick by tick. */
export type Belief = (known: { readonly quantiles: Float64Array; readonly demand: Float64Array }) => Float64Array;

/** Replays the whole trace; calls `onScored` for every scored tick, before anything about that tick is learned. */
export function replayHeadroom({ host, promises, network, believed, onScored }: HeadroomReplay): void {
  const { grid, firstScored } = host;
  const seriesCount = host.demand.length;
  const firstPlanned = Math.max(0, firstScored - WARM_UP_DAYS * ticksPer(DAY_MS, grid.stepMs));
  const engine = createDemandEngine({
    stepMs: grid.stepMs,
    floors: demandFloors(seriesCount),
    ...(network && { network: { inference: network, startMs: grid.startMs, firstTick: firstPlanned } }),
  });
  const ofHost = network && { inference: network, startMs: startOfTick(grid, firstPlanned) };
  const cells = promises.map((promise) =>
    createCellState({
      layout: layoutOf(host),
      promise,
      at: grid.startMs,
      ...(ofHost && promise.kind === "pooled" && { network: ofHost }),
    }),
  );
  const shadowVms = [unlimitedShadowVm(host)];
  const demand = new Float64Array(seriesCount);
  const quantiles = new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN);
  for (let tick = 0; tick < grid.length; tick++) {
    readTick(host, tick, demand);
    if (tick >= firstScored) onScored({ tick, demand, quantiles, cells });
    advance(engine, { demand }, quantiles);
    const likely = believed?.({ quantiles, demand }) ?? quantiles;
    if (tick < firstPlanned) continue;
    const now = startOfTick(grid, tick + 1);
    for (const cell of cells)
      step(cell, { kind: "tick", now, demand, shadowVms, forecasts: { origin: now, quantiles: likely } });
  }
}

/** The score has neither ceilings nor full hosts, for any policy: what is reserved is what is counted. */
function layoutOf(host: HostCase) {
  const hostId = host.name as HostId;
  const vms = host.vmNames.map(
    (name, index): Vm => ({
      id: name as VmId,
      workload: name as WorkloadId,
      host: hostId,
      base: resourceVector({
        cpu: host.base[index * RESOURCE_COUNT] ?? 0,
        memory: host.base[index * RESOURCE_COUNT + 1] ?? 0,
        network: host.base[index * RESOURCE_COUNT + 2] ?? 0,
        storage: host.base[index * RESOURCE_COUNT + 3] ?? 0,
      }),
      ceiling: UNLIMITED,
    }),
  );
  const hosts = [{ id: hostId, pool: "shared" as PoolId, capacity: UNLIMITED }];
  return layOut({ hosts, vms }, { stepMs: host.grid.stepMs, shadowVm: { minimum: NOTHING, ceiling: UNLIMITED } });
}

function unlimitedShadowVm(host: HostCase): ShadowVm {
  return {
    id: `shadow-${host.name}` as ShadowVmId,
    host: host.name as HostId,
    state: "ready",
    minimum: NOTHING,
    ceiling: UNLIMITED,
    allocation: NOTHING,
  };
}

/** Quantile levels swept by `headroom-each`. */
export const EACH_LEVELS = [0.5, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.998, 0.999, 0.9995] as const;
/** Shares of violations swept by `headroom`, from loose to tight. */
export const POOLED_VIOLATIONS = [0.1, 0.05, 0.03, 0.02, 0.015, 0.01, 0.007, 0.005, 0.003, 0.002, 0.001] as const;

export function eachPromise(level: number): ServicePromise {
  return { kind: "each", level };
}

export function violationsPromise(violations: number, pace: Pace): ServicePromise {
  return pooledPromise(1 - violations, pace);
}
