// One whole tick (learn, forecast every VM and resource, lend, pool, account) of cells of 100 to 10,000 VMs.
import { layOut } from "../src/control/cell-layout.ts";
import { pooledPromise } from "../src/control/cell-state.ts";
import { startCell } from "../src/control/loop.ts";
import { step } from "../src/control/step.ts";
import { advance } from "../src/forecast/demand-engine.ts";
import type { Host, HostId, PoolId, Vm, VmId, WorkloadId } from "../src/model/fleet.ts";
import { NOTHING, type ResourceVector, resourceVector, UNLIMITED_AMOUNT } from "../src/model/resources.ts";
import { type SeededRandom, seededRandom } from "../src/model/seeded-random.ts";
import type { ShadowVm, ShadowVmId } from "../src/model/shadow-vm.ts";
import { instant, TICK_MS_DEFAULT } from "../src/model/time.ts";
import { growth, median } from "./medians.ts";

const SIZES = [100, 1_000, 10_000];
const VMS_PER_HOST = 50;
const WARM_UP_TICKS = 60;
const RUNS = 25;
const SEED = 1;

export async function benchTick(): Promise<void> {
  console.log(
    `# one tick, 4 resources, hosts of ${VMS_PER_HOST}, one thread, median of ${RUNS} after ${WARM_UP_TICKS}, seed ${SEED}`,
  );
  const rows = SIZES.map((vms) => ({ size: vms, ...timeTicks(vms) }));
  for (const { size, cost, forecastShare } of rows)
    console.log(
      `${String(size).padStart(6)} VMs  ${cost.toFixed(1).padStart(8)} ms  ${((cost / size) * 1000).toFixed(1)} us a VM, ` +
        `of which forecasting ${(forecastShare * 100).toFixed(0)} %`,
    );
  const [small, large] = [rows[0], rows.at(-1)];
  if (small && large) console.log(`grows with VMs to the power ${growth(small, large).toFixed(2)} (1 = linear)`);
}

function timeTicks(vmCount: number): { cost: number; forecastShare: number } {
  const random = seededRandom(SEED);
  const layout = layOut(cellOf(vmCount), {
    stepMs: TICK_MS_DEFAULT,
    shadowVm: { minimum: NOTHING, ceiling: unlimited() },
  });
  const cell = startCell({ layout, promise: pooledPromise(0.99), at: instant(0) });
  const shadowVms = layout.hostIds.map(shadowVmOf);
  const demand = new Float64Array(layout.base.length);
  const [whole, forecasting]: [number[], number[]] = [[], []];
  for (let tick = 1; tick <= WARM_UP_TICKS + RUNS; tick++) {
    draw(demand, random);
    const begin = performance.now();
    advance(cell.engine, { demand }, cell.quantiles);
    const forecast = performance.now();
    const now = instant(tick * TICK_MS_DEFAULT);
    step(cell.state, { kind: "tick", now, demand, shadowVms, forecasts: { origin: now, quantiles: cell.quantiles } });
    if (tick <= WARM_UP_TICKS) continue;
    whole.push(performance.now() - begin);
    forecasting.push(forecast - begin);
  }
  return { cost: median(whole), forecastShare: median(forecasting) / median(whole) };
}

/** Mostly calm, now and then ten times as much: keeps every expert busy. */
function draw(demand: Float64Array, random: SeededRandom): void {
  for (let series = 0; series < demand.length; series++)
    demand[series] = (1 + random.next()) * (random.next() < 0.02 ? 10 : 1) * (series % 4 === 0 ? 0.3 : 2e7);
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
