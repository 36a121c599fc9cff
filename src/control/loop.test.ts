import { expect, test } from "vitest";
import type { Action } from "../model/action.ts";
import { failure, success } from "../model/result.ts";
import { instant } from "../model/time.ts";
import { pooledPromise } from "./cell-state.ts";
import { type Doors, runLoop, runTick, startCell } from "./loop.ts";
import type { FleetObservation } from "./ports.ts";
import { layoutOf, START, STEP_MS, tenths, vmId } from "./small-cell.arbitrary.ts";

/** Doors to two VMs that use a tenth of what they may; everything that passes is written down. */
function smallWorld(given: Partial<Doors> = {}) {
  const layout = layoutOf({
    capacities: [2],
    vms: [
      { host: 0, base: 0.1, ceiling: 0.5 },
      { host: 0, base: 0.1, ceiling: 0.5 },
    ],
  });
  const cell = startCell({ layout, promise: pooledPromise(0.99), at: START });
  const happened: string[] = [];
  let now = START;
  const observation = (): FleetObservation => {
    const vms = layout.vmIds.map((_, index) => ({
      vm: vmId(index),
      usage: tenths(0.05),
      unmet: tenths(0),
      allocation: tenths(0.5),
    }));
    return { at: now, vms, shadowVms: [], unreachable: [] };
  };
  const doors: Doors = {
    clock: {
      now: () => now,
      sleepUntil: async (at) => {
        now = at;
      },
    },
    telemetry: { observe: async () => success(observation()) },
    actuator: {
      apply: async (action: Action) => {
        happened.push(`begin ${action.phase}`);
        await Promise.resolve();
        happened.push(`end ${action.phase}`);
        return { kind: "done", action: action.id, at: now };
      },
    },
    mode: "act",
    tell: async () => {
      await Promise.resolve();
      happened.push("told");
    },
    ...given,
  };
  const tick = () => {
    now = instant(now + STEP_MS);
    return runTick(cell, doors);
  };
  return { cell, doors, happened, tick };
}

test("a tick is told before anything of it is done, and a phase ends before the next begins", async () => {
  const world = smallWorld();
  const ticked = await world.tick();
  expect(ticked.ok && ticked.value.outcomes.every(({ kind }) => kind === "done")).toBe(true);
  expect(world.happened[0]).toBe("told");
  const shrinksEnd = world.happened.lastIndexOf("end shrink");
  expect(shrinksEnd).toBeGreaterThan(0);
  expect(world.happened.indexOf("begin pool")).toBeGreaterThan(shrinksEnd);
});

test("in observe mode everything is decided and told, and nothing is done", async () => {
  const world = smallWorld({ mode: "observe" });
  const ticked = await world.tick();
  expect(ticked.ok && ticked.value.report.actions.length).toBeGreaterThan(0);
  expect(ticked.ok && ticked.value.outcomes).toEqual([]);
  expect(world.happened).toEqual(["told"]);
});

test("without an observation nothing is decided", async () => {
  const world = smallWorld({ telemetry: { observe: async () => failure("timeout", "The host did not answer.") } });
  const before = world.cell.state.allocations.slice();
  expect(await world.tick()).toEqual(failure("timeout", "The host did not answer."));
  expect(world.cell.state.allocations).toEqual(before);
  expect([world.cell.state.tick, world.happened.length]).toEqual([0, 0]);
});

test("the loop ticks at the ends of steps, goes on after a failure and stops when told to", async () => {
  let looks = 0;
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const world = smallWorld();
  const telemetry = {
    observe: async () => {
      looks++;
      return looks === 2 ? failure("timeout", "The host did not answer.") : world.doors.telemetry.observe();
    },
  };
  const ticks: number[] = [];
  const failures: string[] = [];
  await runLoop(
    world.cell,
    { ...world.doors, telemetry },
    {
      stopped,
      events: {
        onTick: ({ report }) => {
          ticks.push(report.observation.at);
          if (ticks.length === 3) stop();
        },
        onFailure: ({ kind }) => failures.push(kind),
      },
    },
  );
  expect(failures).toEqual(["timeout"]);
  expect(ticks.slice(0, 3)).toEqual([1, 3, 4].map((tick) => START + tick * STEP_MS));
  expect(ticks.length).toBeLessThanOrEqual(4);
});
