import fc from "fast-check";
import { expect, test } from "vitest";
import type { ActionOutcome } from "../model/action.ts";
import type { HostId } from "../model/fleet.ts";
import { RESOURCES, type ResourceVector } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { instant, SECOND_MS } from "../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../model/units.ts";
import {
  actionOf,
  anyDemands,
  anyHistory,
  HOST,
  SHADOW_VM,
  type SmallFleet,
  START,
  STEP_MS,
  smallFleet,
  tenths,
  vmId,
} from "./simulated-fleet.arbitrary.ts";
import type { TickTruth } from "./simulated-fleet.ts";

const CLOSE = 1 + 1e-6;
const LATER = instant(START + 1e12);
const SHADOW = "shadow-a" as ShadowVmId;
const boot = actionOf({ kind: "boot-shadow-vm", shadowVm: SHADOW, minimum: SHADOW_VM.minimum }, { deadline: LATER });
const retire = actionOf({ kind: "retire-shadow-vm", shadowVm: SHADOW }, { deadline: LATER });
const hold = (share: number) =>
  actionOf({ kind: "resize-shadow-vm", shadowVm: SHADOW, setPoint: tenths(share) }, { deadline: LATER });
const resize = (vm: number, share: number) =>
  actionOf({ kind: "resize-vm", vm: vmId(vm), setPoint: tenths(share) }, { deadline: LATER });
const pass = ({ clock }: SmallFleet, ms: number) => clock.advanceTo(instant(clock.now() + ms));
const said = (outcome: ActionOutcome) => (outcome.kind === "done" ? "done" : outcome.message);

async function observed({ fleet }: SmallFleet) {
  const seen = await fleet.telemetry.observe();
  if (!seen.ok) throw new Error(seen.error.message);
  return seen.value;
}

async function shadowState(small: SmallFleet): Promise<string> {
  return (await observed(small)).shadowVms[0]?.state ?? "none";
}

function expectCapacityKept({ fleet }: SmallFleet): void {
  for (const { allocated, capacity } of fleet.handedOut())
    for (const resource of RESOURCES) expect(allocated[resource]).toBeLessThanOrEqual(capacity[resource] * CLOSE);
}

function expectConserved({ vms, buffers }: TickTruth): void {
  for (const resource of RESOURCES) {
    const slack = 1e-9 * tenths(1)[resource];
    let lent = 0;
    for (const { demand, allocation, fromAllocation, fromBuffer, unserved } of vms.values()) {
      const total = fromAllocation[resource] + fromBuffer[resource] + unserved[resource];
      expect(Math.abs(total - demand[resource])).toBeLessThanOrEqual(slack);
      expect(fromAllocation[resource]).toBeLessThanOrEqual(allocation[resource] + slack);
      expect(total - unserved[resource]).toBeLessThanOrEqual(tenths(0.6)[resource] + slack);
      lent += fromBuffer[resource];
    }
    const buffer = [...buffers.values()].reduce((sum, each) => sum + each[resource], 0);
    expect(lent).toBeLessThanOrEqual(buffer + slack);
  }
}

test("whatever is asked and whenever: capacity holds at every instant, and demand is conserved", async () => {
  const faults = { lostSample: 0.1, actuatorError: 0.1, bootHang: 0.2, hostLoss: 0.05 };
  const property = fc.asyncProperty(anyDemands, anyHistory, fc.boolean(), async (demands, history, faulty) => {
    const small = smallFleet(demands, faulty ? { faults } : {});
    for (const [index, { order, waitMs }] of history.entries()) {
      for (let piece = 0; piece < 4; piece++) {
        pass(small, Math.floor(waitMs / 4));
        expectCapacityKept(small);
      }
      await small.fleet.actuator.apply(actionOf(order, { deadline: LATER, id: `${index}` }));
      expectCapacityKept(small);
      const truth = small.fleet.lastTick();
      if (truth) expectConserved(truth);
    }
  });
  await fc.assert(property, { seed: 1, numRuns: 60 });
});

test("the same history leaves the same bytes, asked often or once", async () => {
  const property = fc.asyncProperty(anyDemands, anyHistory, async (demands, history) => {
    const end = async (nosy: boolean) => {
      const small = smallFleet(demands, { seed: 3, faults: { lostSample: 0.2, actuatorError: 0.2 } });
      const outcomes: ActionOutcome[] = [];
      for (const [index, { order, waitMs }] of history.entries()) {
        pass(small, waitMs);
        if (nosy) await small.fleet.telemetry.observe();
        outcomes.push(await small.fleet.actuator.apply(actionOf(order, { deadline: LATER, id: `${index}` })));
      }
      pass(small, 2 * STEP_MS);
      return JSON.stringify([outcomes, await observed(small), small.fleet.handedOut()]);
    };
    expect(await end(true)).toBe(await end(false));
  });
  await fc.assert(property, { seed: 1, numRuns: 30 });
});

test("the same action twice leaves the same state and the same answer", async () => {
  const property = fc.asyncProperty(anyDemands, anyHistory, async (demands, history) => {
    const small = smallFleet(demands);
    for (const { order, waitMs } of history) {
      pass(small, waitMs);
      const action = actionOf(order, { deadline: LATER });
      const first = await small.fleet.actuator.apply(action);
      const once = JSON.stringify(small.fleet.handedOut());
      expect(await small.fleet.actuator.apply(action)).toEqual(first);
      expect(JSON.stringify(small.fleet.handedOut())).toBe(once);
    }
  });
  await fc.assert(property, { seed: 1, numRuns: 40 });
});

test("a VM lives on its allocation, and on its fair share of the buffer beyond that", async () => {
  const small = smallFleet([[0.05], [0.2], [0.5]]);
  await small.fleet.actuator.apply(boot);
  pass(small, 100 * SECOND_MS);
  expect(said(await small.fleet.actuator.apply(hold(0.31)))).toBe("done");
  pass(small, 2 * STEP_MS - 100 * SECOND_MS);
  const { vms } = small.fleet.lastTick() ?? { vms: new Map() };
  const lent = [0, 1, 2].map((vm) => vms.get(vmId(vm))?.fromBuffer.cpu);
  expect(lent[0]).toBe(0);
  expect(lent[1]).toBeCloseTo(1);
  expect(lent[2]).toBeCloseTo(2);
  expect(vms.get(vmId(2))?.unserved.cpu).toBeCloseTo(2);
  expect(await shadowState(small)).toBe("lending");
});

test("demand beyond the ceiling stays unserved, however large the buffer", async () => {
  const small = smallFleet([[0.9]]);
  await small.fleet.actuator.apply(boot);
  pass(small, STEP_MS);
  await small.fleet.actuator.apply(hold(0.5));
  await small.fleet.actuator.apply(resize(0, 0.3));
  pass(small, 2 * STEP_MS);
  const [seen] = (await observed(small)).vms;
  expect(seen?.usage.cpu).toBeCloseTo(6);
  expect(seen?.unmet.cpu).toBeCloseTo(3);
});

test("a shadow VM boots for a minute, then holds, then retires", async () => {
  const small = smallFleet([[0.05]]);
  pass(small, STEP_MS);
  await small.fleet.actuator.apply(boot);
  expect(await shadowState(small)).toBe("booting");
  expect(said(await small.fleet.actuator.apply(hold(0.2)))).toBe("conflict: Shadow VM shadow-a is booting, not up.");
  pass(small, 59 * SECOND_MS);
  expect(await shadowState(small)).toBe("booting");
  pass(small, SECOND_MS);
  expect(await shadowState(small)).toBe("idle");
  await small.fleet.actuator.apply(hold(0.2));
  expect(await shadowState(small)).toBe("scaling-up");
  pass(small, 30 * SECOND_MS);
  expect(await shadowState(small)).toBe("ready");
  await small.fleet.actuator.apply(retire);
  expect(await shadowState(small)).toBe("retiring");
  pass(small, 10 * SECOND_MS);
  expect(await shadowState(small)).toBe("none");
});

test("CPU is there at once, memory comes and goes at its rate", async () => {
  const small = smallFleet([[0.05]], { rates: { memory: 256 * MEBIBYTE } });
  pass(small, STEP_MS);
  const allocation = async (): Promise<ResourceVector> => (await observed(small)).vms[0]?.allocation ?? tenths(0);
  await small.fleet.actuator.apply(resize(0, 0.4));
  expect((await allocation()).cpu).toBe(4);
  expect((await allocation()).memory).toBe(GIBIBYTE);
  pass(small, 4 * SECOND_MS);
  expect((await allocation()).memory).toBe(2 * GIBIBYTE);
  pass(small, 8 * SECOND_MS);
  expect((await allocation()).memory).toBe(4 * GIBIBYTE);
  await small.fleet.actuator.apply(resize(0, 0.1));
  pass(small, 4 * SECOND_MS);
  expect([(await allocation()).cpu, (await allocation()).memory]).toEqual([1, 3 * GIBIBYTE]);
});

test("memory that is still being given back is not handed out yet", async () => {
  const small = smallFleet([[0.05], [0.05]]);
  await small.fleet.actuator.apply(resize(0, 0.6));
  pass(small, STEP_MS);
  await small.fleet.actuator.apply(resize(0, 0.1));
  expect(said(await small.fleet.actuator.apply(resize(1, 0.6)))).toBe("done");
  for (let second = 0; second < 30; second++) {
    pass(small, SECOND_MS);
    expectCapacityKept(small);
  }
  expect((await observed(small)).vms[1]?.allocation.memory).toBe(6 * GIBIBYTE);
});

test("what cannot be done is refused in words, and changes nothing", async () => {
  const small = smallFleet([[0.05], [0.05]]);
  const { actuator } = small.fleet;
  await actuator.apply(resize(0, 0.6));
  const before = JSON.stringify(small.fleet.handedOut());
  expect(said(await actuator.apply(resize(1, 0.5)))).toContain("no-capacity: Host host-1 would have to give");
  expect(said(await actuator.apply(resize(0, 0.7)))).toContain("rejected: VM vm-0 may never get more");
  expect(said(await actuator.apply(resize(9, 0.1)))).toBe("not-found: Host host-1 runs no VM vm-9.");
  expect(said(await actuator.apply(hold(0.1)))).toBe("not-found: Host host-1 runs no shadow VM shadow-a.");
  expect(said(await actuator.apply(retire))).toBe("not-found: Host host-1 runs no shadow VM shadow-a.");
  expect(said(await actuator.apply({ ...boot, host: "host-9" as HostId }))).toContain("not-found: No host");
  pass(small, STEP_MS);
  expect(said(await actuator.apply({ ...resize(0, 0.1), deadline: START }))).toContain("rejected: Action");
  expect(JSON.stringify(small.fleet.handedOut())).toBe(before.replace(/"memory":[0-9.]+/, `"memory":${7 * GIBIBYTE}`));
});

test("before the first tick has ended there is nothing to see", async () => {
  const { fleet } = smallFleet([[0.1]]);
  expect(await fleet.telemetry.observe()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
});

test("samples get lost and actions fail at about their rates, each time anew", async () => {
  const small = smallFleet(
    Array.from({ length: 9 }, () => [0.05]),
    { faults: { lostSample: 0.1, actuatorError: 0.2 } },
  );
  const counts = { seen: 0, failed: 0 };
  for (let tick = 0; tick < 400; tick++) {
    pass(small, STEP_MS);
    const seen = await observed(small);
    expect(await observed(small)).toEqual(seen);
    counts.seen += seen.vms.length;
    if ((await small.fleet.actuator.apply(resize(0, 0.1))).kind === "failed") counts.failed++;
  }
  expect(counts.seen / (400 * 9)).toBeCloseTo(0.9, 1);
  expect(counts.failed / 400).toBeGreaterThan(0.13);
  expect(counts.failed / 400).toBeLessThan(0.27);
});

test("a boot that hangs fails after its time-out, holds nothing and is cleared away", async () => {
  const small = smallFleet([[0.05]], { faults: { bootHang: 1 } });
  pass(small, STEP_MS);
  await small.fleet.actuator.apply(boot);
  pass(small, 599 * SECOND_MS);
  expect(await shadowState(small)).toBe("booting");
  pass(small, SECOND_MS);
  expect(await shadowState(small)).toBe("failed");
  expect((await observed(small)).shadowVms[0]?.allocation).toEqual(tenths(0));
  expect(small.fleet.handedOut()[0]?.allocated.cpu).toBe(1);
  pass(small, 600 * SECOND_MS);
  expect(await shadowState(small)).toBe("none");
});

test("a lost host is named, does as it did, refuses actions, and comes back after three ticks", async () => {
  const small = smallFleet([[0.1], [0.1]], { hosts: 2, faults: { hostLoss: 0.02 }, seed: 4 });
  const spells: number[] = [];
  let spell = 0;
  for (let tick = 0; tick < 600; tick++) {
    pass(small, STEP_MS);
    const { unreachable, vms } = await observed(small);
    expect(vms).toHaveLength(2 - unreachable.length);
    const isLost = unreachable.includes(HOST);
    const outcome = said(await small.fleet.actuator.apply(resize(0, 0.1)));
    expect(outcome).toBe(isLost ? "unavailable: Host host-1 does not answer." : "done");
    expect(small.fleet.lastTick()?.vms.get(vmId(0))?.fromAllocation.cpu).toBeCloseTo(1);
    if (isLost) spell++;
    else if (spell > 0) {
      spells.push(spell);
      spell = 0;
    }
  }
  expect(spells.length).toBeGreaterThan(4);
  expect(spells.length).toBeLessThan(25);
  expect(Math.min(...spells)).toBe(3);
});
