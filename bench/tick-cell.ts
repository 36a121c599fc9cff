// One cell of a bench: hosts of 50 VMs with a week of history behind them, and a tick of it in the parts that cost.
import { layOut } from "../src/control/cell-layout.ts";
import { type CellState, createCellState, pooledPromise } from "../src/control/cell-state.ts";
import { demandFloors } from "../src/control/loop.ts";
import { step } from "../src/control/step.ts";
import {
  askNetwork,
  createDemandEngine,
  type DemandEngine,
  forecastTick,
  observeTick,
  type ServingNetwork,
} from "../src/forecast/demand-engine.ts";
import { writeDemand } from "../src/forecast/demand-history.ts";
import type { NetworkInference } from "../src/forecast/network/network-inference.ts";
import type { Host, HostId, PoolId, Vm, VmId, WorkloadId } from "../src/model/fleet.ts";
import { LEVEL_COUNT } from "../src/model/forecast.ts";
import { NOTHING, type ResourceVector, resourceVector, UNLIMITED_AMOUNT } from "../src/model/resources.ts";
import { type SeededRandom, seededRandom } from "../src/model/seeded-random.ts";
import type { ShadowVm, ShadowVmId } from "../src/model/shadow-vm.ts";
import { instant, TICK_MS_DEFAULT } from "../src/model/time.ts";

export const VMS_PER_HOST = 50;

export interface BenchCell {
  readonly state: CellState;
  readonly engine: DemandEngine;
  readonly quantiles: Float64Array;
  readonly demand: Float64Array;
  readonly shadowVms: readonly ShadowVm[];
  readonly random: SeededRandom;
}

export function createBenchCell(given: {
  readonly vms: number;
  readonly seed: number;
  network?: ServingNetwork;
}): BenchCell {
  const { vms, seed, network } = given;
  const size = { minimum: NOTHING, ceiling: unlimited() };
  const layout = layOut(cellOf(vms), { stepMs: TICK_MS_DEFAULT, shadowVm: size });
  const seriesCount = layout.base.length;
  const engine = createDemandEngine({
    stepMs: layout.stepMs,
    floors: demandFloors(seriesCount),
    horizons: true,
    ...(network && { network }),
  });
  const cell = {
    state: createCellState({ layout, promise: pooledPromise(0.99), at: instant(0) }),
    engine,
    quantiles: new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN),
    demand: new Float64Array(seriesCount),
    shadowVms: layout.hostIds.map(shadowVmOf),
    random: seededRandom(seed),
  };
  fillWeek(cell);
  return cell;
}

/** As after a week: every window is as long as it gets. */
function fillWeek({ engine, random }: BenchCell): void {
  const { history, season, samples, records, lastValue, level, seriesCount } = engine;
  for (let series = 0; series < seriesCount; series++)
    for (let tick = 0; tick < season.week; tick++) writeDemand(history, { series, tick }, someDemand(series, random));
  samples.fill(season.week);
  records.firstTicks.fill(0);
  for (const ring of [lastValue.changes, level.errors.errors]) {
    ring.counts.fill(ring.length);
    for (let place = 0; place < ring.codes.length; place++) ring.codes[place] = Math.round(60 * (random.next() - 0.5));
  }
  engine.tick = season.week;
}

/** Mostly calm, now and then ten times as much: keeps every expert busy. */
function someDemand(series: number, random: SeededRandom): number {
  return (1 + random.next()) * (random.next() < 0.02 ? 10 : 1) * (series % 4 === 0 ? 0.3 : 2e7);
}

export function drawDemand({ demand, random }: BenchCell): void {
  for (let series = 0; series < demand.length; series++) demand[series] = someDemand(series, random);
}

/** Milliseconds of the parts of a tick. */
export interface TickCost {
  readonly learn: number;
  /** Features and inference. */
  readonly network: number;
  /** Ensemble, conformal, half hour; once an hour the hours. */
  readonly forecast: number;
  readonly step: number;
}

export const PARTS = ["learn", "network", "forecast", "step"] as const;

/** Observes, asks the network, forecasts, steps, and reads what was decided. */
export async function tickOnce(cell: BenchCell, inference: NetworkInference | undefined): Promise<TickCost> {
  const { engine, demand, quantiles, shadowVms } = cell;
  const marks = [performance.now()];
  observeTick(engine, { demand });
  marks.push(performance.now());
  for (const { request, take } of inference === undefined ? [] : askNetwork(engine, {}))
    take(await (inference as NetworkInference).infer(request));
  marks.push(performance.now());
  forecastTick(engine, { demand }, quantiles);
  marks.push(performance.now());
  const now = instant(engine.tick * TICK_MS_DEFAULT);
  const forecasts = { origin: now, quantiles };
  const { actions, records } = step(cell.state, { kind: "tick", now, demand, shadowVms, forecasts });
  let decided = 0;
  for (const _ of actions) decided++;
  for (const _ of records) decided++;
  if (decided < 0) throw new Error("nobody decides less than nothing");
  marks.push(performance.now());
  const part = (place: number) => (marks[place + 1] ?? 0) - (marks[place] ?? 0);
  return { learn: part(0), network: part(1), forecast: part(2), step: part(3) };
}

function cellOf(vmCount: number): { hosts: Host[]; vms: Vm[] } {
  const hostIds = Array.from({ length: Math.ceil(vmCount / VMS_PER_HOST) }, (_, index) => `host-${index}` as HostId);
  return {
    hosts: hostIds.map((id) => ({ id, pool: "shared" as PoolId, capacity: unlimited() })),
    vms: Array.from({ length: vmCount }, (_, index) => ({
      id: `vm-${index}` as VmId,
      workload: "any" as WorkloadId,
      host: hostIds[Math.floor(index / VMS_PER_HOST)] as HostId,
      base: resourceVector({ cpu: 0.3, memory: 2e7, network: 2e7, storage: 2e7 }),
      ceiling: unlimited(),
    })),
  };
}

function unlimited(): ResourceVector {
  const amount = UNLIMITED_AMOUNT;
  return resourceVector({ cpu: amount, memory: amount, network: amount, storage: amount });
}

function shadowVmOf(host: HostId): ShadowVm {
  const id = `shadow-${host}` as ShadowVmId;
  return { id, host, state: "ready", minimum: NOTHING, ceiling: unlimited(), allocation: NOTHING };
}
