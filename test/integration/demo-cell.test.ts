// Nine days of the demo's fleet under the loop that production runs, every set-point applied to the simulated machines.
import { expect, test } from "vitest";
import { layOut } from "../../src/control/cell-layout.ts";
import { pooledPromise } from "../../src/control/cell-state.ts";
import { runTick, startCell, type TickOutcome } from "../../src/control/loop.ts";
import { demoCell } from "../../src/lab/demo-cell.ts";
import { createSimulatedFleet, type SimulatedFleet, type TickTruth } from "../../src/lab/simulated-fleet.ts";
import { virtualClock } from "../../src/lab/virtual-clock.ts";
import { RESOURCES, type Resource } from "../../src/model/resources.ts";
import type { Result } from "../../src/model/result.ts";
import { instant } from "../../src/model/time.ts";

const TICKS_PER_DAY = 288;
const DAYS = 9;
/** Less than a second of a tick of five minutes, as while memory grows, is no shortfall worth the name. */
const SHORT_SHARE = 1e-3;

type DayTotals = Record<Resource, { reserved: number; served: number; shortVmTicks: number }>;

test("nine days: nothing refused, capacity kept, few VMs short, far less reserved than sold", async () => {
  const { cell, shadowVm, grid, demand } = demoCell(1);
  const clock = virtualClock(grid.startMs);
  const fleet = createSimulatedFleet({ cell, shadowVm, grid, demand, clock });
  const layout = layOut(cell, { stepMs: grid.stepMs, shadowVm });
  const running = startCell({ layout, promise: pooledPromise(0.99), at: grid.startMs });
  const { telemetry, actuator } = fleet;
  const doors = { clock, telemetry, actuator, mode: "act" as const, tell: async () => {} };
  const days = Array.from({ length: DAYS }, noTotals);
  const failures: string[] = [];
  let fullest = 0;
  for (let tick = 0; tick < DAYS * TICKS_PER_DAY; tick++) {
    clock.advanceTo(instant(clock.now() + grid.stepMs));
    failures.push(...failuresOf(await runTick(running, doors)));
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
});

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
