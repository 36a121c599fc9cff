import fc from "fast-check";
import { expect, test } from "vitest";
import { SHADOW_VM_STATES } from "../model/shadow-vm.ts";
import { holdsBuffer } from "./shadow-pool.ts";
import {
  isUp,
  LIFE_EVENTS,
  LIFE_STAGES,
  type LifeEvent,
  type LifeStage,
  nextStage,
  REFUSALS,
  waitsForReport,
} from "./shadow-vm-lifecycle.ts";

/** A refused event leaves everything as it is. */
function after(stage: LifeStage, ...events: readonly LifeEvent[]): LifeStage {
  return events.reduce((now, event) => {
    const step = nextStage(now, event);
    return step.kind === "next" ? step.stage : now;
  }, stage);
}

const cells = LIFE_STAGES.flatMap((stage) => LIFE_EVENTS.map((event) => ({ stage, event })));
const moves = cells
  .map(({ stage, event }) => ({ from: stage, event, to: after(stage, event) }))
  .filter(({ from, to }) => from !== to);

test("every state that a shadow VM can have is a stage of its life, and every cell is a stage or a known refusal", () => {
  expect([...LIFE_STAGES].sort()).toEqual(["unknown", "retired", ...SHADOW_VM_STATES].sort());
  for (const { stage, event } of cells) {
    const step = nextStage(stage, event);
    if (step.kind === "next") expect(LIFE_STAGES).toContain(step.stage);
    else expect(REFUSALS[step.refusal]).toMatch(/^[A-Z].*\.$/);
  }
});

test("nothing is lent, handed over or resized from a stage that is not up", () => {
  const needUp: readonly LifeStage[] = ["lending", "handed-over", "scaling-up", "scaling-down"];
  const wrong = moves.filter(({ from, to }) => needUp.includes(to) && !isUp(from));
  expect(wrong).toEqual([]);
});

test("only a stage that is up and serves nobody holds buffer", () => {
  for (const state of SHADOW_VM_STATES) expect(holdsBuffer(state)).toBe(isUp(state) && state !== "handed-over");
});

test("what shrinks lends nothing, and what holds nothing lends nothing", () => {
  for (const stage of ["scaling-down", "idle"] as const) expect(nextStage(stage, "lend-asked").kind).toBe("refused");
});

test("what VMs draw on is neither handed over nor retired at once", () => {
  const from = moves.filter(({ from }) => from === "lending").map(({ to }) => to);
  expect(from).not.toContain("handed-over");
  expect(from).not.toContain("retiring");
});

test("what served a customer never comes back into the pool", () => {
  const reachable = stagesAfter("handed-over");
  expect([...reachable].sort()).toEqual(["failed", "retired", "retiring"]);
});

test("nothing that failed or retires comes up again", () => {
  for (const stage of ["failed", "retiring"] as const)
    expect([...stagesAfter(stage)].filter((each) => isUp(each))).toEqual([]);
});

test("no event resurrects what is retired", () => {
  for (const event of LIFE_EVENTS) expect(nextStage("retired", event)).toEqual({ kind: "refused", refusal: "over" });
});

test("every stage comes to its end by at most three events", () => {
  const roads: Partial<Record<LifeStage, readonly LifeEvent[]>> = {
    unknown: ["boot-asked", "retire-asked", "gone"],
    lending: ["scale-down-asked", "retire-asked", "gone"],
    "handed-over": ["drained", "gone"],
  };
  for (const stage of LIFE_STAGES) expect(after(stage, ...(roads[stage] ?? ["retire-asked", "gone"]))).toBe("retired");
});

test("a time-out moves every stage that waits for a report, and no other", () => {
  for (const stage of LIFE_STAGES) expect(after(stage, "timed-out") !== stage).toBe(waitsForReport(stage));
});

test("an event that comes twice does what it does once", () => {
  for (const { stage, event } of cells) expect(after(stage, event, event)).toBe(after(stage, event));
});

test("whatever comes in whatever order, a life begins once and ends once", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LIFE_EVENTS), { maxLength: 60 }), (events) => {
      const life = events.map((_, count) => after("unknown", ...events.slice(0, count + 1)));
      const born = life.findIndex((stage) => stage !== "unknown");
      const dead = life.indexOf("retired");
      if (born >= 0) expect(life.slice(born)).not.toContain("unknown");
      if (dead >= 0) expect(new Set(life.slice(dead))).toEqual(new Set(["retired"]));
      const served = life.indexOf("handed-over");
      if (served >= 0) expect(life.slice(served).filter((stage) => isUp(stage) && stage !== "handed-over")).toEqual([]);
    }),
    { seed: 1, numRuns: 500 },
  );
});

/** All stages that some events lead to. */
function stagesAfter(stage: LifeStage): ReadonlySet<LifeStage> {
  const found = new Set<LifeStage>();
  const open = [stage];
  for (let from = open.pop(); from !== undefined; from = open.pop())
    for (const { to } of moves.filter((move) => move.from === from)) {
      if (found.has(to)) continue;
      found.add(to);
      open.push(to);
    }
  return found;
}
