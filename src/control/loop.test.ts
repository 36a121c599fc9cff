import { expect, test } from "vitest";
import { knowledgeOf } from "../forecast/demand-record/knowledge.ts";
import type { Action } from "../model/action.ts";
import { levelIndex } from "../model/forecast.ts";
import { failure, success } from "../model/result.ts";
import { instant } from "../model/time.ts";
import { vectorAt } from "./cell-layout.ts";
import { pooledPromise } from "./cell-state.ts";
import { type Doors, runBetweenTicks, runLoop, runTick, startCell } from "./loop.ts";
import { type FleetObservation, NOTHING_DECLARED, type VmObservation } from "./ports.ts";
import { layoutOf, START, STEADY_PROFILE, STEP_MS, tenths, vmId } from "./small-cell.arbitrary.ts";

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
      return success(undefined);
    },
    ...given,
  };
  const tick = (through: Doors = doors) => {
    now = instant(now + STEP_MS);
    return runTick(cell, through);
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
  const tick = async () => {
    const ticked = await runTick(world.cell, { ...world.doors, telemetry });
    if (!ticked.ok) failures.push(ticked.error.kind);
    else ticks.push(ticked.value.report.observation.at);
    if (ticks.length === 3) stop();
  };
  await runLoop({ clock: world.doors.clock, stepMs: STEP_MS, stopped, tick });
  expect(failures).toEqual(["timeout"]);
  expect(ticks.slice(0, 3)).toEqual([1, 3, 4].map((tick) => START + tick * STEP_MS));
  expect(ticks.length).toBeLessThanOrEqual(4);
});

/** The second of two ticks, with its first VM as `change` makes it, and what it did to the cell. */
async function secondTick(change: Partial<VmObservation>, declared?: Doors["declared"]) {
  const changed = { is: false };
  const world = smallWorld(declared && { declared });
  const { observe } = world.doors.telemetry;
  const telemetry = {
    observe: async () => {
      const seen = await observe();
      if (!seen.ok || !changed.is) return seen;
      return success({
        ...seen.value,
        vms: seen.value.vms.map((vm, index) => (index === 0 ? { ...vm, ...change } : vm)),
      });
    },
  };
  const doors = { ...world.doors, telemetry };
  await world.tick(doors);
  changed.is = true;
  const { unitHours } = world.cell.state.meters.used;
  const before = unitHours.slice();
  const ticked = await world.tick(doors);
  const used = unitHours.map((now, series) => now - (before[series] ?? 0));
  return { ...world, report: ticked.ok ? ticked.value.report : undefined, used };
}

test("nothing absurd reaches a decision or the meters; it is counted, and the rest of the fleet goes on", async () => {
  const { cell, report, used } = await secondTick({ usage: { ...tenths(0.05), cpu: 1e9, memory: -1 } });
  expect([...used.subarray(0, 2)]).toEqual([0, 0]);
  expect(used[2]).toBeGreaterThan(0);
  expect(used[4]).toBe(0.5);
  expect(report?.observed.demand.subarray(0, 2)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  expect([...cell.quantiles].every(Number.isFinite)).toBe(true);
  expect(knowledgeOf(cell.engine, 0).counts.absurd).toBe(1);
});

test("a machine that is off wants nothing and is lent nothing", async () => {
  const { cell, used } = await secondTick({ power: "off" });
  expect([...used.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  expect([...cell.state.allocations.subarray(0, 4)]).toEqual([...cell.state.layout.base.subarray(0, 4)]);
  expect(knowledgeOf(cell.engine, 0).lastSample.kind).toBe("off");
});

test("what is not to be learned from is used and charged all the same", async () => {
  const doNotLearn = [{ start: START, end: instant(START + 99 * STEP_MS), vms: [vmId(0)], reason: "load test" }];
  const { cell, used } = await secondTick({}, () => ({ ...NOTHING_DECLARED, doNotLearn }));
  expect([...used.subarray(0, 4)]).toEqual([...used.subarray(4, 8)]);
  expect([0, 4].map((series) => knowledgeOf(cell.engine, series).lastSample.kind)).toEqual(["excluded", "ok"]);
});

test("a profile is forecast before the first sample came", async () => {
  const telemetry = { observe: async () => success({ at: START, vms: [], shadowVms: [], unreachable: [] }) };
  const declared = () => ({ ...NOTHING_DECLARED, profiles: new Map([[vmId(0), STEADY_PROFILE]]) });
  const { cell, tick } = smallWorld({ telemetry, declared });
  await tick();
  expect(cell.quantiles[levelIndex(0.5)]).toBeCloseTo(1, 9);
  expect(knowledgeOf(cell.engine, 0).sentence).toBe("No history yet: profile prior 100 %.");
  expect(knowledgeOf(cell.engine, 1).sentence).toBe("No history yet: nothing can be said.");
});

test("between two ticks a VM under pressure is helped: told first, then done; in observe mode only told", async () => {
  const world = smallWorld();
  await world.tick();
  const { state } = world.cell;
  const input = {
    kind: "pressure",
    now: instant(state.at + 1),
    pressed: [{ vm: vmId(0), resource: "cpu", demand: 3, allocation: vectorAt(state.allocations, 0) }],
  } as const;
  const told: string[] = [];
  const applied: string[] = [];
  const actuator: Doors["actuator"] = {
    apply: async (action) => {
      applied.push(`${action.phase} after ${told.length}`);
      return { action: action.id, kind: "done", at: state.at };
    },
  };
  const tell = async ({ records }: { readonly records: readonly { readonly kind: string }[] }) => {
    told.push(...records.map(({ kind }) => kind));
    return success(undefined);
  };
  const outcomes = await runBetweenTicks(world.cell, { mode: "act", actuator, tell }, input);
  expect(told).toEqual(["relief"]);
  expect(applied).toEqual(["grow after 1"]);
  expect(outcomes).toMatchObject({ ok: true, value: [{ kind: "done" }] });
  await runBetweenTicks(world.cell, { mode: "observe", actuator, tell }, { ...input, now: instant(state.at + 2) });
  expect([told.length, applied.length]).toEqual([2, 1]);
  const unkept = async () => failure("unavailable", "The disk is full.");
  const lost = await runBetweenTicks(
    world.cell,
    { mode: "act", actuator, tell: unkept },
    { ...input, now: instant(state.at + 3) },
  );
  expect(lost).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  expect(applied).toHaveLength(1);
});

test("what could not be told is not done", async () => {
  const world = smallWorld({ tell: async () => failure("unavailable", "The disk is full.") });
  expect(await world.tick()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  expect(world.happened).toEqual([]);
});
