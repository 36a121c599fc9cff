import fc from "fast-check";
import { expect, test } from "vitest";
import type { DecisionRecord } from "../model/decision.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import type { ServiceContract } from "../model/service-plan.ts";
import { instant } from "../model/time.ts";
import type { Guardrails } from "../shaping/guardrails.ts";
import { explain } from "./explain.ts";
import { noGuardrails } from "./permissions.ts";
import { CONSENT } from "./service-terms.ts";
import {
  anyCell,
  anyTicks,
  customerId,
  runCell,
  type SmallTick,
  START,
  STEP_MS,
  type TickDone,
} from "./small-cell.arbitrary.ts";
import { step } from "./step.ts";
import type { Command } from "./tick-input.ts";

const run = { seed: 1, numRuns: 15 };
const vm = { host: 0, base: 0.05, ceiling: 1 };
const steady = (share: number): SmallTick => ({ demand: new Array(24).fill(share), shadowVms: "as ordered" });

function tell({ running: { state } }: Pick<TickDone, "running">, command: Command): DecisionRecord[] {
  return [...step(state, { kind: "command", now: state.at, command }).records];
}

const optOut = (customer: number): Command => ({
  kind: "set-terms",
  contract: { customer: customerId(customer), plan: "standard", optedIn: [] } satisfies ServiceContract,
});

test("who opted out is brought back to the base step by step, and never touched again", () => {
  const ticks = [...new Array(30).fill(steady(0.3)), ...new Array(30).fill(steady(0.02))];
  const amounts: number[][] = [];
  const late: string[] = [];
  runCell({ cell: { capacities: [5], vms: [vm, vm] }, ticks, owned: true }, (done) => {
    const { tick, allocations, terms } = done.running.state;
    if (tick === 30) expect(tell(done, optOut(0))[0]).toMatchObject({ kind: "terms", optedIn: [] });
    if (tick >= 30) amounts.push([...allocations.subarray(0, RESOURCE_COUNT)]);
    if (terms.consent[1] === CONSENT.left)
      late.push(
        ...done.actions.flatMap((action) => (action.kind === "resize-vm" && action.vm === "vm-0" ? [action.id] : [])),
      );
  });
  const base = runCell({ cell: { capacities: [5], vms: [vm, vm] }, ticks: [] }).state.layout.base;
  expect(amounts[0]?.[1]).toBeGreaterThan(2 * (base[1] ?? 0));
  expect(amounts.at(-1)).toEqual([...base.subarray(0, RESOURCE_COUNT)]);
  // Memory went in several steps.
  expect(new Set(amounts.map(([, memory]) => memory)).size).toBeGreaterThan(3);
  expect(late).toEqual([]);
});

test("what an opted-out VM is given by somebody else stays as it is", () => {
  const ticks = new Array(12).fill(steady(0.02));
  const byHand = (tick: number) => ({
    allocations: Float64Array.of(tick > 6 ? 7 : Number.NaN, Number.NaN, Number.NaN, Number.NaN),
    buffers: new Float64Array(4).fill(Number.NaN),
  });
  const { state } = runCell({ cell: { capacities: [9], vms: [vm] }, ticks, owned: true, inForce: byHand }, (done) => {
    if (done.running.state.tick === 1) tell(done, optOut(0));
  });
  expect(state.terms.consent[0]).toBe(CONSENT.left);
  expect(state.allocations[0]).toBe(7);
});

function guarded(change: Partial<Guardrails>): (done: TickDone) => Command {
  return ({ running }) => ({
    kind: "set-guardrails",
    guardrails: { ...noGuardrails(running.state.layout), ...change },
  });
}

const STANDING: readonly [string, (done: TickDone) => Command][] = [
  ["the kill switch", guarded({ killSwitch: true })],
  ["a cell that is only observed", guarded({ modes: { cell: "observe", customers: new Map() } })],
  [
    "a blackout of any change",
    guarded({
      blackouts: [
        {
          start: START,
          end: instant(START + 99 * STEP_MS),
          scope: { kind: "everywhere" },
          forbids: "any-change",
          reason: "Black Friday",
        },
      ],
    }),
  ],
];

test.each(STANDING)(
  "under %s nothing is done, whatever demand does, and every wish is said to be refused",
  (_, command) => {
    let refused = 0;
    fc.assert(
      fc.property(anyCell, anyTicks, (cell, ticks) => {
        runCell({ cell, ticks, owned: true }, (done) => {
          const { state } = done.running;
          if (state.tick <= 3) {
            if (state.tick === 3) tell(done, command(done));
            return;
          }
          expect(done.actions).toEqual([]);
          expect(state.allocations).toEqual(state.allocationsBefore);
          expect(state.buffers).toEqual(state.buffersBefore);
          for (const record of done.records) {
            if (record.kind !== "refused") continue;
            refused++;
            expect(record.wished).not.toBe(record.has);
            expect(explain(record).reason).toMatch(/kill switch|only observed|Hands off: Black Friday/);
          }
        });
      }),
      run,
    );
    expect(refused).toBeGreaterThan(20);
  },
  20_000,
);

test("a customer who is only observed is not touched; the others are", () => {
  const changed = new Set<string>();
  const ticks = Array.from({ length: 30 }, (_, tick) => steady(tick % 2 === 0 ? 0.1 : 0.4));
  runCell({ cell: { capacities: [9], vms: [vm, vm] }, ticks, owned: true }, (done) => {
    const { state } = done.running;
    if (state.tick === 3)
      tell(done, guarded({ modes: { cell: "act", customers: new Map([[customerId(1), "act"]]) } })(done));
    if (state.tick > 3) for (const action of done.actions) if (action.kind === "resize-vm") changed.add(action.vm);
  });
  expect([...changed]).toEqual(["vm-1"]);
});

test("what nobody here can obey is said so", () => {
  const done = { running: runCell({ cell: { capacities: [1], vms: [vm] }, ticks: [steady(0.1)], owned: true }) };
  const contract = { customer: customerId(7), plan: "standard", optedIn: [] } as const;
  expect(tell(done, { kind: "set-terms", contract })[0]).toMatchObject({ kind: "command-refused" });
  expect(tell(done, { kind: "hand-back", vm: "vm-9" as never })[0]).toMatchObject({ kind: "command-refused" });
});
