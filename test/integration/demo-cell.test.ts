// Nine days of the demo's fleet under the loop that production runs, every set-point applied to the simulated machines.
import { expect, test } from "vitest";
import { layOut } from "../../src/control/cell-layout.ts";
import { pooledPromise } from "../../src/control/cell-state.ts";
import { runTick, startCell, type TickOutcome } from "../../src/control/loop.ts";
import { type Declarations, NOTHING_DECLARED } from "../../src/control/ports.ts";
import { type DemoCell, demoCell } from "../../src/lab/demo-cell.ts";
import { createSimulatedFleet, type SimulatedFleet, type TickTruth } from "../../src/lab/simulated-fleet.ts";
import { virtualClock } from "../../src/lab/virtual-clock.ts";
import { RESOURCES, type Resource } from "../../src/model/resources.ts";
import { type Result, success } from "../../src/model/result.ts";
import { instant, TICK_MS_DEFAULT } from "../../src/model/time.ts";

const TICKS_PER_DAY = 288;
const DAYS = 9;
/** Less than a second of a tick of five minutes, as while memory grows, is no shortfall worth the name. */
const SHORT_SHARE = 1e-3;

type DayTotals = Record<Resource, { reserved: number; served: number; shortVmTicks: number }>;

test("nine days: nothing refused, capacity kept, few VMs short, far less reserved than sold", async () => {
  const demo = demoCell(1);
  const { cell } = demo;
  const { fleet, running, tick: runOne } = startDemo(demo, demo.declared);
  const days = Array.from({ length: DAYS }, noTotals);
  const failures: string[] = [];
  let fullest = 0;
  for (let tick = 0; tick < DAYS * TICKS_PER_DAY; tick++) {
    failures.push(...failuresOf(await runOne()));
    fullest = Math.max(fullest, fullestOf(fleet));
    addTick(days[Math.floor(tick / TICKS_PER_DAY)], fleet.lastTick());
  }
  expect(failures).toEqual([]);
  expect(fullest).toBeLessThanOrEqual(1 + 1e-6);
  for (const resource of RESOURCES) {
    const short = days.reduce((sum, day) => sum + day[resource].shortVmTicks, 0);
    expect(short / (DAYS * TICKS_PER_DAY * cell.vms.length)).toBeLessThan(0.03);
  }
  const { reserved, served } = (days.at(-1) ?? noTotals()).cpu;
  expect(reserved / served).toBeLessThan(2.5);
  expect(reserved / served).toBeGreaterThan(1);
  const right = cell.vms.filter(({ workload }, vm) => {
    return running.signals.guesses[vm]?.workloadClass === cell.workloads.find(({ id }) => id === workload)?.class;
  });
  expect(right.length / cell.vms.length).toBeGreaterThan(0.8);
});

/** Ends two hours into the second sale. */
const TICKS_TO_SALE = 5 * TICKS_PER_DAY + 11 * 12;

test("a sale that was announced, and of which one before it taught the size, goes short of a fifth of what a silent one does", async () => {
  const [told, silent] = [await unservedInSale(true), await unservedInSale(false)];
  expect(silent).toBeGreaterThan(0.002);
  expect(told).toBeLessThan(silent / 5);
});

/** Share of CPU and network that its customer's VMs wanted in the first two hours of the second sale and did not get. */
async function unservedInSale(isTold: boolean): Promise<number> {
  const demo = demoCell(1, { vms: 30, stepMs: TICK_MS_DEFAULT });
  const { fleet, running, tick } = startDemo(demo, isTold ? demo.declared : NOTHING_DECLARED);
  const sale = demo.events[1];
  const customer = new Map(demo.cell.workloads.map((workload) => [workload.id, workload.customer]));
  const own = demo.cell.vms.filter(({ workload }) => customer.get(workload) === sale?.customer);
  let [unserved, wanted] = [0, 0];
  for (let each = 0; each < TICKS_TO_SALE; each++) {
    await tick();
    if (sale === undefined || running.state.at <= sale.from) continue;
    for (const { id, ceiling } of own)
      for (const resource of ["cpu", "network"] as const) {
        const truth = fleet.lastTick()?.vms.get(id);
        unserved += (truth?.unserved[resource] ?? Number.NaN) / ceiling[resource];
        wanted += (truth?.demand[resource] ?? Number.NaN) / ceiling[resource];
      }
  }
  return unserved / wanted;
}

function startDemo({ cell, shadowVm, grid, demand }: DemoCell, declared: Declarations) {
  const clock = virtualClock(grid.startMs);
  const fleet = createSimulatedFleet({ cell, shadowVm, grid, demand, clock });
  const layout = layOut(cell, { stepMs: grid.stepMs, shadowVm });
  const running = startCell({ layout, promise: pooledPromise(0.99), at: grid.startMs });
  const { telemetry, actuator } = fleet;
  const doors = {
    clock,
    telemetry,
    actuator,
    mode: "act" as const,
    tell: async () => success(undefined),
    declared: () => declared,
  };
  const tick = () => {
    clock.advanceTo(instant(clock.now() + grid.stepMs));
    return runTick(running, doors);
  };
  return { fleet, running, tick };
}

function noTotals(): DayTotals {
  const none = () => ({ reserved: 0, served: 0, shortVmTicks: 0 });
  return { cpu: none(), memory: none(), network: none(), storage: none() };
}

function failuresOf(ticked: Result<TickOutcome>): string[] {
  if (!ticked.ok) return [ticked.error.message];
  return ticked.value.outcomes.flatMap((each) => (each.kind === "failed" ? [each.message] : []));
}

/** The largest share of a host's capacity that is handed out at this moment. */
function fullestOf({ handedOut }: SimulatedFleet): number {
  const shares = handedOut().flatMap(({ allocated, capacity }) =>
    RESOURCES.map((resource) => allocated[resource] / capacity[resource]),
  );
  return Math.max(...shares);
}

function addTick(totals: DayTotals | undefined, truth: TickTruth | undefined): void {
  if (totals === undefined || truth === undefined) throw new Error("a tick lies in a day and has ended");
  for (const resource of RESOURCES) {
    const sums = totals[resource];
    for (const { demand, allocation, unserved } of truth.vms.values()) {
      sums.reserved += allocation[resource];
      sums.served += demand[resource] - unserved[resource];
      if (unserved[resource] > SHORT_SHARE * demand[resource]) sums.shortVmTicks++;
    }
    for (const buffer of truth.buffers.values()) sums.reserved += buffer[resource];
  }
}
