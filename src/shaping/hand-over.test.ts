import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomerId, HostId, WorkloadId } from "../model/fleet.ts";
import { HAND_OVER_STATES, type HandOver, type HandOverId, type HandOverState } from "../model/hand-over.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { instant } from "../model/time.ts";
import {
  deadlineOf,
  HAND_OVER_EVENTS,
  HAND_OVER_REFUSALS,
  HAND_OVER_TIMES,
  type HandOverEvent,
  nextHandOverState,
  stepHandOver,
} from "./hand-over.ts";
import { nextStage } from "./shadow-vm-lifecycle.ts";

const ENDS: readonly HandOverState[] = ["returned", "failed"];

function handOverIn(state: HandOverState): HandOver {
  return {
    id: "hand-over-1" as HandOverId,
    customer: "acme" as CustomerId,
    workload: "shop" as WorkloadId,
    shadowVm: "shadow-1" as ShadowVmId,
    host: "host-1" as HostId,
    state,
    since: instant(1000),
  };
}

/** All that happens to a hand-over, one event a second; refused events change nothing. */
function live(events: readonly HandOverEvent[]) {
  let handOver = handOverIn("asked");
  const story = { states: [handOver.state], notices: [] as string[], shadowVm: [] as string[] };
  for (const [index, event] of events.entries()) {
    const step = stepHandOver(handOver, { event, now: instant(2000 + 1000 * index) });
    if (step.kind === "refused") continue;
    handOver = step.handOver;
    story.states.push(handOver.state);
    if (step.notice !== undefined) story.notices.push(step.notice);
    if (step.shadowVm !== undefined) story.shadowVm.push(step.shadowVm);
  }
  return story;
}

test("a life as it should be", () => {
  const story = live(["scale-up-started", "readied", "acknowledged", "return-asked", "drained"]);
  expect(story.states).toEqual(["asked", "scaling-up", "announced", "serving", "draining", "returned"]);
  expect(story.notices).toEqual(["joins", "leaves"]);
  expect(story.shadowVm).toEqual(["drained"]);
});

test("every cell is a state or a known refusal, and no event leads out of an end", () => {
  for (const state of HAND_OVER_STATES)
    for (const event of HAND_OVER_EVENTS) {
      const move = nextHandOverState(state, event);
      if (move.kind === "refused") expect(HAND_OVER_REFUSALS[move.refusal]).toMatch(/\.$/);
      else expect(HAND_OVER_STATES).toContain(move.state);
      if (ENDS.includes(state)) expect(move).toEqual({ kind: "refused", refusal: "over" });
    }
});

test("whoever may have heard of the replica is told of its end before or when it ends, whatever happens", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...HAND_OVER_EVENTS), { maxLength: 12 }), (events) => {
      const { states, notices } = live(events);
      expect(notices.filter((kind) => kind === "joins").length).toBeLessThanOrEqual(1);
      if (!notices.includes("joins")) expect(notices).toEqual([]);
      else if (ENDS.includes(states.at(-1) ?? "asked")) expect(notices.at(-1)).toMatch(/leaves|lost/);
      expect(new Set(notices).size).toBe(notices.length);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

const moves = HAND_OVER_STATES.flatMap((from) =>
  HAND_OVER_EVENTS.map((event) => ({ from, event, move: nextHandOverState(from, event) })),
).flatMap(({ from, event, move }) =>
  move.kind === "next" && move.state !== from ? [{ from, event, to: move.state }] : [],
);

test("no work is sent before readiness, and none is cut off without draining unless the machine is lost", () => {
  expect(moves.filter(({ to }) => to === "announced").every(({ event }) => event === "readied")).toBe(true);
  expect(moves.filter(({ to }) => to === "serving").map(({ from }) => from)).toEqual(["announced"]);
  const told = moves.filter(({ from }) => from === "announced" || from === "serving");
  expect(told.filter(({ to }) => to === "returned")).toEqual([]);
  expect(told.filter(({ to }) => to === "failed").every(({ event }) => event === "lost")).toBe(true);
});

test("time-outs alone end every hand-over that is not serving", () => {
  for (const state of HAND_OVER_STATES) {
    const due = deadlineOf(handOverIn(state), HAND_OVER_TIMES);
    expect(due !== undefined).toBe(nextHandOverState(state, "timed-out").kind === "next");
    if (due !== undefined) expect(due).toBeGreaterThan(1000);
  }
  expect(live(["readied", "timed-out", "timed-out"]).states.at(-1)).toBe("returned");
});

test("an event that comes twice does what it does once", () => {
  const after = (state: HandOverState, event: HandOverEvent) => {
    const move = nextHandOverState(state, event);
    return move.kind === "next" ? move.state : state;
  };
  for (const state of HAND_OVER_STATES)
    for (const event of HAND_OVER_EVENTS)
      if (event !== "timed-out") expect(after(after(state, event), event)).toBe(after(state, event));
});

test("what it tells the shadow VM at its end is accepted while that is handed over", () => {
  for (const { notices: _, ...story } of [live(["return-asked"]), live(["lost"]), live(["timed-out"])])
    for (const event of story.shadowVm)
      expect(nextStage("handed-over", event as "drained" | "broke").kind).toBe("next");
});
