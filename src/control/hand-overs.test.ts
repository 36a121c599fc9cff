import fc from "fast-check";
import { expect, test } from "vitest";
import type { HandOverRecord } from "../model/decision.ts";
import { HAND_OVER_STATES, type HandOverId, type HandOverNotice } from "../model/hand-over.ts";
import { add, fits, NOTHING, RESOURCE_COUNT, RESOURCES, resourceVector, scale } from "../model/resources.ts";
import { instant } from "../model/time.ts";
import { holdsBuffer } from "../shaping/shadow-pool.ts";
import { type CellLayout, vectorAt } from "./cell-layout.ts";
import { explain } from "./explain.ts";
import { NOTICES_MAX } from "./hand-over-memory.ts";
import {
  asked,
  type HandedOverCell,
  HAND_OVER as id,
  noticeKinds as kindsIn,
  live,
  movesIn as moves,
  owner,
  STEADY,
  say,
  settled,
  startHandedOver,
  handOverState as stateOf,
  SMALL_VM as vm,
} from "./handed-over-cell.arbitrary.ts";
import { layAnew } from "./lay-anew.ts";
import { startCell } from "./loop.ts";
import { noGuardrails } from "./permissions.ts";
import {
  afterAction,
  anyCell,
  anyTicks,
  customerId,
  hostId,
  layoutOf,
  START,
  STEP_MS,
  tenths,
} from "./small-cell.arbitrary.ts";
import type { Command } from "./tick-input.ts";

const acknowledge = (cell: HandedOverCell, kind: HandOverNotice["kind"]) =>
  say(cell, { kind: "notice-acknowledged", idempotencyKey: `${id}/${kind}` });

/** Until it serves. */
function serving(): HandedOverCell {
  const cell = settled();
  say(cell, asked("r"));
  for (let tick = 0; tick < 3; tick++) live(cell, STEADY);
  acknowledge(cell, "joins");
  expect(stateOf(cell)).toBe("serving");
  return cell;
}

test("from the wish to its end: it grows, joins once it was seen to have its size, serves, leaves, and then goes", () => {
  const cell = settled();
  expect(moves(say(cell, asked("r")))).toEqual(["asked > asked"]);
  const first = live(cell, STEADY);
  const machine = cell.running.state.handOvers.open.get(id)?.handOver.shadowVm;
  expect(moves(first.records)).toEqual(["asked > scaling-up"]);
  expect(first.actions).toContainEqual(
    expect.objectContaining({ shadowVm: machine, phase: "grow", setPoint: tenths(0.2), handedOver: true }),
  );
  expect(kindsIn(cell)).toEqual([]);
  expect(moves(live(cell, STEADY).records)).toEqual(["scaling-up > announced"]);
  expect(kindsIn(cell)).toEqual(["joins"]);
  expect(moves(acknowledge(cell, "joins"))).toEqual(["announced > serving"]);
  expect(acknowledge(cell, "joins")[0]).toMatchObject({ kind: "command-refused" });
  for (let tick = 0; tick < 5; tick++) live(cell, STEADY);
  expect(cell.shadowVms.find((each) => each.id === machine)?.allocation).toEqual(tenths(0.2));
  expect(moves(say(cell, { kind: "return", id }))).toEqual(["serving > serving"]);
  const leaving = live(cell, STEADY);
  expect(moves(leaving.records)).toEqual(["serving > draining"]);
  expect(kindsIn(cell)).toEqual(["leaves"]);
  const kept = cell.shadowVms.find((each) => each.id === machine);
  expect(kept?.allocation).toEqual(tenths(0.2));
  const last = live(cell, STEADY);
  expect(moves(last.records)).toEqual(["draining > returned"]);
  expect(last.actions).toContainEqual(expect.objectContaining({ kind: "retire-shadow-vm", shadowVm: machine }));
  expect(last.records.map((each) => explain(each).reason)).toContainEqual(
    "It served a customer as r, and is not used again.",
  );
  live(cell, STEADY);
  expect(cell.running.state.pool.lives.has(machine as never)).toBe(false);
  const served = cell.running.state.handOvers.meters.get("w" as never)?.unitHours;
  expect(served?.[0]).toBeCloseTo(7 * tenths(0.2).cpu, 9);
});

test("where none is free one is booted, and never holds buffer on its way", () => {
  const cell = settled();
  for (let taken = 0; taken < cell.shadowVms.length; taken++) say(cell, asked(`taken-${taken}`));
  expect(moves(say(cell, asked("r")))).toEqual(["asked > asked"]);
  const { actions, records } = live(cell, STEADY);
  const boots = actions.flatMap((each) => (each.kind === "boot-shadow-vm" ? [each.shadowVm] : []));
  expect(boots).toContain("shadow-host-0-for-r");
  expect(records).toContainEqual(expect.objectContaining({ kind: "shadow-vm", change: "boot", handOver: "r" }));
  live(cell, STEADY);
  expect(stateOf(cell)).toBe("scaling-up");
  expect(cell.running.state.shadowVms.find((each) => each.id === "shadow-host-0-for-r")?.state).toBe("handed-over");
  live(cell, STEADY);
  expect(stateOf(cell)).toBe("announced");
});

test("a load balancer that never answers may have heard: the replica leaves as if it had, and capacity stays until then", () => {
  const cell = settled();
  say(cell, asked("r", { drainMs: STEP_MS as never }));
  const seen: string[] = [];
  for (let tick = 0; tick < 9; tick++) seen.push(...moves(live(cell, STEADY).records));
  expect(seen).toEqual(["asked > scaling-up", "scaling-up > announced", "announced > draining", "draining > returned"]);
  expect(kindsIn(cell)).toEqual(["leaves"]);
});

test("a shadow VM that is lost is told of at once, and one that never grew is given up without a word", () => {
  const lost = serving();
  lost.shadowVms = [];
  expect(moves(live(lost, STEADY).records)).toEqual(["serving > failed"]);
  expect(kindsIn(lost)).toEqual(["lost"]);
  const stuck = settled();
  say(stuck, asked("r"));
  const seen: string[] = [];
  for (let tick = 0; tick < 6; tick++)
    seen.push(...moves(live(stuck, STEADY, ({ actions }) => actions.filter(({ phase }) => phase !== "grow")).records));
  expect(seen).toEqual(["asked > scaling-up", "scaling-up > failed"]);
  expect(kindsIn(stuck)).toEqual([]);
});

test("who opts out gets the time to leave that was agreed", () => {
  const cell = serving();
  say(cell, { kind: "set-terms", contract: { customer: owner, plan: "standard", optedIn: [] } });
  expect(moves(live(cell, STEADY).records)).toEqual(["serving > draining"]);
});

test("under the kill switch what serves goes on serving, what grows waits, and nothing goes", () => {
  const cell = serving();
  say(cell, asked("second"));
  say(cell, { kind: "return", id });
  say(cell, {
    kind: "set-guardrails",
    guardrails: { ...noGuardrails(cell.running.state.layout), killSwitch: true },
  });
  for (let tick = 0; tick < 8; tick++) expect(live(cell, STEADY).actions).toEqual([]);
  expect(stateOf(cell)).toBe("draining");
  expect(cell.running.state.handOvers.open.get("second" as HandOverId)?.handOver.state).toBe("asked");
});

const REFUSED: readonly [string, (cell: HandedOverCell) => Command, RegExp][] = [
  ["an unknown workload", () => asked("r", { workload: "x" as never }), /No workload of this cell is called x/],
  ["somebody else's workload", () => asked("r", { customer: customerId(7) }), /does not belong to customer-7/],
  [
    "a workload that does not scale out",
    ({ running }) => {
      running.state.scalesOut.fill(0);
      return asked("r");
    },
    /does not say that it scales horizontally/,
  ],
  [
    "a customer who opted out",
    (cell) => {
      say(cell, { kind: "set-terms", contract: { customer: owner, plan: "standard", optedIn: [] } });
      return asked("r");
    },
    /opted out/,
  ],
  [
    "a cell that is only observed",
    (cell) => {
      const modes = { cell: "observe", customers: new Map() } as const;
      const guardrails = { ...noGuardrails(cell.running.state.layout), modes };
      say(cell, { kind: "set-guardrails", guardrails });
      return asked("r");
    },
    /only observed/,
  ],
  [
    "a blackout of its only host",
    (cell) => {
      const scope = { kind: "host", host: hostId(0) } as const;
      const blackout = { start: START, end: instant(START + 1e12), scope, reason: "patching" };
      const blackouts = [{ ...blackout, forbids: "any-change" as const }];
      say(cell, { kind: "set-guardrails", guardrails: { ...noGuardrails(cell.running.state.layout), blackouts } });
      return asked("r");
    },
    /patching/,
  ],
  ["a size that no shadow VM can have", () => asked("r", { size: tenths(0.5) }), /cannot have that size/],
  ["no port", () => asked("r", { replica: { host: "r", port: 0 } }), /0 is no port/],
  ["two days to leave", () => asked("r", { drainMs: (48 * STEP_MS) as never }), /between nothing and a day/],
  [
    "an id that was used",
    (cell) => {
      say(cell, asked("r"));
      return asked("r");
    },
    /use a new id/,
  ],
  [
    "a customer who answers nothing",
    ({ running }) => {
      const waiting = { customer: owner } as HandOverNotice;
      for (let at = 0; at < NOTICES_MAX; at++) running.state.handOvers.outbox.set(`old-${at}`, waiting);
      return asked("r");
    },
    /Too many notices wait/,
  ],
  ["a return of nothing", () => ({ kind: "return", id: "none" as HandOverId }), /No hand-over of this cell/],
];

test.each(REFUSED)("%s is refused, and says so", (_, command, why) => {
  const cell = settled();
  const [record] = say(cell, command(cell));
  expect(record).toMatchObject({ kind: "command-refused", why: expect.stringMatching(why) });
});

test("without room it is refused, host by host, and what one was promised no other gets", () => {
  const cell = settled({ capacities: [0.9, 0.3], vms: [vm, { ...vm, host: 1 }] });
  const said = ["a", "b", "c", "d", "e", "f"].map((name) => say(cell, asked(name))[0]);
  const refused = said.findIndex((each) => each?.kind === "command-refused");
  expect(refused).toBeGreaterThan(0);
  expect(said[refused]).toMatchObject({
    why: expect.stringMatching(/No host has room for it: host-0 has no room .*, host-1 has no room /),
  });
});

test("who has hosts of its own stays there, unless the plan bursts into shared ones", () => {
  const cell = settled({ capacities: [0.3, 3], vms: [vm, { ...vm, host: 1 }] });
  cell.running.state.layout.dedicatedTo.set([0, -1]);
  expect(say(cell, asked("r"))[0]).toMatchObject({ why: expect.stringContaining("host-1 is shared, and the plan") });
  say(cell, { kind: "set-terms", contract: { customer: owner, plan: "dedicated", optedIn: [...RESOURCES] } });
  expect(say(cell, asked("r"))[0]).toMatchObject({ kind: "hand-over", host: "host-1" });
});

test("who has hosts of its own stays there, also while nothing may be changed on them", () => {
  const cell = settled({ capacities: [3, 3], vms: [vm, { ...vm, host: 1 }] });
  cell.running.state.layout.dedicatedTo.set([0, -1]);
  const span = { start: instant(0), end: instant(1e15), forbids: "any-change" as const, reason: "it is patched" };
  const blackouts = [{ ...span, scope: { kind: "host" as const, host: hostId(0) } }];
  const guardrails = { ...noGuardrails(cell.running.state.layout), blackouts };
  say(cell, { kind: "set-guardrails", guardrails });
  expect(say(cell, asked("r"))[0]).toMatchObject({ why: expect.stringContaining("host-1 is shared, and the plan") });
});

test("a cell that goes on in another layout keeps its promises, and the notices that wait", () => {
  const cell = serving();
  say(cell, { kind: "return", id });
  live(cell, STEADY);
  const { state } = cell.running;
  const layout = layoutOf({ capacities: [3, 3], vms: [vm, vm, { ...vm, host: 1 }] });
  const begin = (given: CellLayout) => startCell({ layout: given, promise: state.promise, at: state.at });
  const { handOvers } = layAnew(cell.running, layout, begin).state;
  expect(handOvers).toEqual(state.handOvers);
  expect([...handOvers.outbox.keys()]).toEqual(["r/leaves"]);
});

test("every move has its words", () => {
  const cell = serving();
  const record = say(cell, { kind: "return", id }).find((each): each is HandOverRecord => each.kind === "hand-over");
  if (record === undefined) return expect.fail("A record of the return.");
  const sentences = HAND_OVER_STATES.map((to) => explain({ ...record, to }).sentence);
  expect(new Set(sentences).size).toBe(HAND_OVER_STATES.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^(w gets )?\S+ .*\.$/);
});

const anyWish = fc.record({ tick: fc.nat({ max: 24 }), share: fc.double({ min: 0.03, max: 1, noNaN: true }) });

test("whatever is handed over and given back, no host passes its capacity on the way, and nobody's replica is a buffer", () => {
  let served = 0;
  fc.assert(
    fc.property(anyCell, anyTicks, fc.array(anyWish, { maxLength: 8 }), (small, ticks, wishes) => {
      const cell = startHandedOver(small);
      for (const [tick, { demand }] of ticks.entries()) {
        for (const [index, wish] of wishes.entries()) sayWish(cell, { index, wish, tick });
        const before = cell.shadowVms;
        const { actions } = live(cell, demand);
        expectWithinCapacity(cell, { before, actions });
        served += expectKept(cell, before);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
  expect(served).toBeGreaterThan(50);
});

function sayWish(
  cell: HandedOverCell,
  {
    index,
    wish,
    tick,
  }: { readonly index: number; readonly wish: { tick: number; share: number }; readonly tick: number },
): void {
  if (wish.tick === tick) say(cell, asked(`r-${index}`, { size: scale(tenths(0.4), wish.share) }));
  if (wish.tick + 4 === tick) say(cell, { kind: "return", id: `r-${index}` as HandOverId });
}

/** Returns how many are known to load balancers. */
function expectKept({ running: { state } }: HandedOverCell, before: HandedOverCell["shadowVms"]): number {
  const open = [...state.handOvers.open.values()];
  const machines = new Set(open.map(({ handOver }) => handOver.shadowVm));
  for (const { id, state: stage } of state.shadowVms)
    if (machines.has(id) && state.pool.lives.get(id)?.served) expect(holdsBuffer(stage)).toBe(false);
  const announced = open.filter(({ handOver }) => handOver.state === "announced");
  for (const { handOver, size } of announced) {
    const has = before.find((each) => each.id === handOver.shadowVm)?.allocation;
    expect(has && fits(scale(size, 0.99), has)).toBe(true);
  }
  return announced.length;
}

/** After every single action; a host that was over before may still be. */
function expectWithinCapacity(
  { running: { state } }: HandedOverCell,
  given: { readonly before: HandedOverCell["shadowVms"]; readonly actions: ReturnType<typeof live>["actions"] },
): void {
  const { layout, allocationsBefore } = state;
  const vms = new Map(layout.vmIds.map((each, index) => [each, vectorAt(allocationsBefore, index)]));
  let machines = given.before;
  const isOver = (host: number) => {
    const own = layout.vmIds
      .filter((_, index) => layout.hostOfVm[index] === host)
      .map((each) => vms.get(each) ?? NOTHING);
    const shadows = machines.filter((each) => each.host === layout.hostIds[host]).map(({ allocation }) => allocation);
    const sum = [...own, ...shadows].reduce(add, NOTHING);
    return !fits(sum, scale(resourceVector(vectorAt(layout.capacity, host)), 1 + 1e-9));
  };
  const over = layout.hostIds.map((_, host) => isOver(host));
  for (const action of given.actions) {
    if (action.kind === "resize-vm") vms.set(action.vm, action.setPoint);
    else machines = afterAction(machines, action);
    for (const host of layout.hostIds.keys()) if (!over[host]) expect(isOver(host)).toBe(false);
  }
  expect(vms.size * RESOURCE_COUNT).toBe(allocationsBefore.length);
}
