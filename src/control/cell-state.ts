// All that a cell remembers from tick to tick. `step` owns it and updates it in place; equal inputs give equal bits.
import { createDemandEngine, type DemandEngine, type ServingNetwork } from "../forecast/demand-engine.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { RESOURCE_COUNT, type Resource, UNLIMITED_AMOUNT } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import type { ShadowVm, ShadowVmId } from "../model/shadow-vm.ts";
import type { Instant } from "../model/time.ts";
import { type Meter, startMeter } from "../pricing/meter.ts";
import type { Guardrails } from "../shaping/guardrails.ts";
import { RARITY_AT_START } from "../shaping/joint-buffer.ts";
import type { HostAdvice } from "./advise.ts";
import type { ShadowVmTold } from "./at-most.ts";
import type { CellLayout } from "./cell-layout.ts";
import type { HostCut } from "./fit-to-host.ts";
import { createHandOverMemory, type HandOverMemory } from "./hand-over-memory.ts";
import { createPermissions, noGuardrails, type Permissions } from "./permissions.ts";
import { createPoolMemory, type PoolMemory } from "./pool-memory.ts";
import { createHands, type Hands } from "./reconcile.ts";
import { createRefusals, type Refusals } from "./refusals.ts";
import { createServiceTerms, type ServiceTerms } from "./service-terms.ts";
import { createDescents, type Descents } from "./take-back.ts";
import { createUsageMemory, type UsageMemory } from "./usage/usage-memory.ts";

/** What the operator promises, and by which means it is kept. */
export type ServicePromise =
  | {
      /** Every VM by itself: the quantile at this level, no buffer. */
      readonly kind: "each";
      readonly level: number;
    }
  | {
      readonly kind: "pooled";
      /** Share of VM-intervals that may go short; 0.01 for a service level of 0.99. */
      readonly violations: number;
      /** Share of demand volume that may stay unserved. */
      readonly unserved: Readonly<Record<Resource, number>>;
      readonly pace: Pace;
    };

/**
 * gentle: few changes, those that gain most, and memory taken back in steps. every-tick: every lease anew at every tick,
 * which costs least capacity and most changes.
 */
export type Pace = "gentle" | "every-tick";

/** The promise that a service level stands for, with its guard on volume. */
export function pooledPromise(serviceLevel: number, pace: Pace = "gentle"): ServicePromise {
  assert(serviceLevel > 0 && serviceLevel < 1, `a service level lies between 0 and 1, got ${serviceLevel}`);
  const violations = 1 - serviceLevel;
  const unserved = {
    cpu: violations * UNSERVED_PER_VIOLATION.cpu,
    memory: violations * UNSERVED_PER_VIOLATION.memory,
    network: violations * UNSERVED_PER_VIOLATION.network,
    storage: violations * UNSERVED_PER_VIOLATION.storage,
  };
  return { kind: "pooled", violations, unserved, pace };
}

/** Bursts of network and storage are huge and rare: their volume may go short more often than CPU's. */
const UNSERVED_PER_VIOLATION: Readonly<Record<Resource, number>> = { cpu: 0.5, memory: 0.75, network: 4, storage: 4 };

interface HostErrors {
  readonly signed: Float64Array;
  readonly absolute: Float64Array;
}

export interface CellState {
  readonly layout: CellLayout;
  readonly promise: ServicePromise;
  /** What was agreed for each VM, and what guardrails allow at this moment. */
  readonly terms: ServiceTerms;
  readonly permissions: Permissions;
  /** Changes that were wished at the last step and not made. */
  readonly refusals: Refusals;
  /** [place] changes that were made ahead of the budgets of later ticks. */
  readonly changeDebts: Float64Array;
  /** How what was lent goes back. */
  readonly descents: Descents;
  /** [series] the most that the last forecast holds possible, its highest quantile; 0 without one. */
  readonly foreseen: Float64Array;
  readonly hands: Hands;
  readonly pool: PoolMemory;
  readonly handOvers: HandOverMemory;
  /** [vm] 1 where its workload is declared to take up capacity as more replicas. */
  readonly scalesOut: Uint8Array;
  /** Leases that were cut at the last step, since their host had too little room. */
  readonly cuts: HostCut[];
  /** Where capacity will run out, as said at the last step. */
  readonly advice: HostAdvice[];
  /** [series] in force since the last step, and before it; base units. */
  readonly allocations: Float64Array;
  readonly allocationsBefore: Float64Array;
  /** [series] index of the quantile level that was leased; NO_LEVEL where none was. */
  readonly leasedLevels: Uint8Array;
  /** [series] since when the VM has had a lease without a break, milliseconds since 1970; NaN where it has none. */
  readonly leasedSince: Float64Array;
  /** [series] 1 where the host had less room than was asked for. */
  readonly leasesCut: Uint8Array;
  /** [place] held by shadow VMs above their minimums, now and before the last step; base units. */
  readonly buffers: Float64Array;
  readonly buffersBefore: Float64Array;
  /** [place] what hand-overs are promised and cannot have now, since what may not be touched grew into it; base units. */
  readonly overPromised: Float64Array;
  /** [place] what the host's VMs needed beyond their allocations in the tick just past, and how many of them. */
  readonly excess: Float64Array;
  readonly vmsAbove: Float64Array;
  /** [place] mean demand of the host over the last 7 days. */
  readonly meanDemand: Float64Array;
  /** Forecasts the excess of each place; its hints are the expected excess, without and with its deviation. */
  readonly excessEngine: DemandEngine;
  readonly excessHints: Float64Array;
  /** [place x level] */
  readonly excessQuantiles: Float64Array;
  /** [place] errors of what was likely of the host's VMs together, with their sign and without. */
  readonly hostErrors: HostErrors;
  /** [place] rarity that each closed loop asks of the buffer. */
  readonly violationRarity: Float64Array;
  readonly unservedRarity: Float64Array;
  readonly meters: CellMeters;
  /** What becomes usage records. */
  readonly usage: UsageMemory;
  guardrails: Guardrails;
  /** As last observed. */
  shadowVms: readonly ShadowVm[];
  /** Set-points of those. */
  readonly told: Map<ShadowVmId, ShadowVmTold>;
  at: Instant;
  tick: number;
}

interface CellMeters {
  /** [series] */
  readonly used: Meter;
  readonly allocated: Meter;
  /** [place] */
  readonly buffer: Meter;
}

export const NO_LEVEL = 255;
export const EXCESS_HINTS = 2;

/** Smallest excess worth telling from nothing, as in a host of idle VMs. */
const EXCESS_FLOORS = [1e-2, 2 ** 24, 2 ** 14, 2 ** 14];

export interface NewCell {
  readonly layout: CellLayout;
  readonly promise: ServicePromise;
  readonly at: Instant;
  /** Also forecasts what hosts need beyond their leases. */
  readonly network?: ServingNetwork;
  /** Forecasts the next half hour and day of every VM too: `forecastAhead`. Not where left out. */
  readonly horizons?: boolean;
}

/** Until something is known a VM has its ceiling, or its base where no contract limits it. */
export function createCellState({ layout, promise, at, network }: NewCell): CellState {
  const seriesCount = layout.base.length;
  const placeCount = layout.capacity.length;
  const floors = Float64Array.from({ length: placeCount }, (_, place) => EXCESS_FLOORS[place % RESOURCE_COUNT] ?? 1);
  const atStart = layout.ceiling.map((ceiling, series) =>
    ceiling < UNLIMITED_AMOUNT ? ceiling : (layout.base[series] ?? 0),
  );
  return {
    layout,
    promise,
    terms: createServiceTerms(layout),
    permissions: createPermissions(layout),
    refusals: createRefusals(layout),
    changeDebts: new Float64Array(placeCount),
    descents: createDescents(atStart),
    foreseen: new Float64Array(seriesCount),
    hands: createHands(seriesCount),
    pool: createPoolMemory(layout),
    handOvers: createHandOverMemory(),
    scalesOut: new Uint8Array(layout.vmIds.length),
    cuts: [],
    advice: [],
    allocations: atStart,
    allocationsBefore: atStart.slice(),
    leasedLevels: new Uint8Array(seriesCount).fill(NO_LEVEL),
    leasedSince: new Float64Array(seriesCount).fill(Number.NaN),
    leasesCut: new Uint8Array(seriesCount),
    buffers: new Float64Array(placeCount),
    buffersBefore: new Float64Array(placeCount),
    overPromised: new Float64Array(placeCount),
    excess: new Float64Array(placeCount),
    vmsAbove: new Float64Array(placeCount),
    meanDemand: new Float64Array(placeCount),
    excessEngine: createDemandEngine({
      stepMs: layout.stepMs,
      floors,
      hintCount: EXCESS_HINTS,
      horizons: true,
      ...(network && { network }),
    }),
    excessHints: new Float64Array(placeCount * EXCESS_HINTS),
    excessQuantiles: new Float64Array(placeCount * LEVEL_COUNT),
    hostErrors: { signed: new Float64Array(placeCount), absolute: new Float64Array(placeCount) },
    violationRarity: new Float64Array(placeCount).fill(RARITY_AT_START),
    unservedRarity: new Float64Array(placeCount).fill(RARITY_AT_START),
    meters: {
      used: startMeter(seriesCount, at),
      allocated: startMeter(seriesCount, at),
      buffer: startMeter(placeCount, at),
    },
    usage: createUsageMemory(layout, at),
    guardrails: noGuardrails(layout),
    shadowVms: [],
    told: new Map(),
    at,
    tick: 0,
  };
}
