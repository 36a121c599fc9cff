import { expect, test } from "vitest";
import { durationMs, HOUR_MS, instant } from "../model/time.ts";
import {
  asked,
  HAND_OVER as id,
  noticeKinds as kindsIn,
  live,
  movesIn as moves,
  STEADY,
  say,
  settled,
  handOverState as stateOf,
} from "./handed-over-cell.arbitrary.ts";
import { STEP_MS, tenths } from "./small-cell.arbitrary.ts";
import { step } from "./step.ts";

const TEMPLATE = {
  image: "shop-web-7",
  readiness: { kind: "tcp", intervalMs: durationMs(1000), timeoutMs: durationMs(1000), successes: 2 },
} as const;

test("a workload with a template gets a machine made from it, told of only once it has its size and answers", () => {
  const cell = settled();
  const known = new Set(cell.shadowVms.map((each) => each.id));
  say(cell, asked("r", { template: TEMPLATE }));
  const { actions } = live(cell, STEADY);
  expect(actions).toContainEqual(expect.objectContaining({ kind: "boot-shadow-vm", image: TEMPLATE.image }));
  expect(known.has(cell.running.state.handOvers.open.get(id)?.handOver.shadowVm as never)).toBe(false);
  for (let tick = 0; tick < 2; tick++) live(cell, STEADY);
  expect([stateOf(cell), kindsIn(cell)]).toEqual(["scaling-up", []]);
  expect(moves(say(cell, { kind: "replica-ready", id }))).toEqual(["scaling-up > announced"]);
  expect(kindsIn(cell)).toEqual(["joins"]);
  expect(say(cell, { kind: "replica-ready", id })).toMatchObject([{ kind: "command-refused" }]);
  expect(cell.running.state.handOvers.open.get(id)?.moves.map(({ to }) => to)).toEqual([
    "asked",
    "scaling-up",
    "announced",
  ]);
});

test("what a load balancer can count on is metered from when it was told, not from the tick before", () => {
  const cell = settled();
  say(cell, asked("r", { template: TEMPLATE }));
  for (let tick = 0; tick < 3; tick++) live(cell, STEADY);
  const { state } = cell.running;
  const now = instant(state.at + 0.75 * STEP_MS);
  step(state, { kind: "command", now, command: { kind: "replica-ready", id } });
  live(cell, STEADY);
  const served = state.handOvers.meters.get("w" as never)?.unitHours[0];
  expect(served).toBeCloseTo(0.25 * (STEP_MS / HOUR_MS) * tenths(0.2).cpu, 9);
});

test("an answer before the size was seen counts, and the tick that sees it tells", () => {
  const cell = settled();
  say(cell, asked("r", { template: TEMPLATE }));
  for (let tick = 0; tick < 2; tick++) live(cell, STEADY);
  expect(stateOf(cell)).toBe("scaling-up");
  expect(moves(say(cell, { kind: "replica-ready", id }))).toEqual([]);
  expect(moves(live(cell, STEADY).records)).toEqual(["scaling-up > announced"]);
});

test("a replica that never answers is given up without a word, and its end says why", () => {
  const cell = settled();
  say(cell, asked("r", { template: TEMPLATE }));
  for (let tick = 0; tick < 9; tick++) live(cell, STEADY);
  expect(kindsIn(cell)).toEqual([]);
  expect(cell.running.state.handOvers.ended.get(id)?.moves.at(-1)).toMatchObject({
    to: "failed",
    why: expect.stringContaining("readiness check"),
  });
});

test("a VM that came after the promise has its base: the replica is given up without a word, and its end says why", () => {
  const cell = settled();
  say(cell, asked("r", { size: tenths(0.25) }));
  const { layout } = cell.running.state;
  layout.base.set(layout.capacity.map((each) => each * 0.96).subarray(0, 4));
  expect(moves(live(cell, STEADY).records)).toEqual(["asked > failed"]);
  expect(kindsIn(cell)).toEqual([]);
  expect(cell.running.state.handOvers.ended.get(id)?.moves.at(-1)?.why).toContain("no room for it any more");
});

test("asked back twice is asked back once", () => {
  const cell = settled();
  say(cell, asked("r"));
  expect(moves(say(cell, { kind: "return", id }))).toEqual(["asked > asked"]);
  expect(say(cell, { kind: "return", id })).toMatchObject([{ kind: "command-refused" }]);
});
