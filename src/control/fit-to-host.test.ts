import fc from "fast-check";
import { expect, test } from "vitest";
import type { DecisionRecord } from "../model/decision.ts";
import { RESOURCE_COUNT, resourceVector } from "../model/resources.ts";
import { DOWNGRADE_RULES } from "../shaping/downgrade.ts";
import { explain } from "./explain.ts";
import { allocated, fitToHost } from "./fit-to-host.ts";
import { anyCell, anyTicks, customerId, runCell, type SmallTick } from "./small-cell.arbitrary.ts";
import { step } from "./step.ts";
import type { TickInput } from "./tick-input.ts";

const vm = { host: 0, base: 0.05, ceiling: 1 };
const all = (share: number): SmallTick => ({ demand: new Array(24).fill(share), shadowVms: "as ordered" });

test("when a host has too little room the better plan is served first, and the record says who went short", () => {
  const ticks = [...new Array(20).fill(all(0.1)), ...new Array(6).fill(all(0.6))];
  const told: DecisionRecord[] = [];
  const { state } = runCell({ cell: { capacities: [0.8], vms: [vm, vm] }, ticks, owned: true }, (done) => {
    const { state: now } = done.running;
    told.push(...done.records);
    if (now.tick !== 2) return;
    const contract = {
      customer: customerId(1),
      plan: "guaranteed",
      optedIn: ["cpu", "memory", "network", "storage"],
    } as const;
    step(now, { kind: "command", now: now.at, command: { kind: "set-terms", contract } });
  });
  expect(state.allocations[RESOURCE_COUNT]).toBeGreaterThan(5.5);
  expect(state.allocations[0]).toBeLessThan(2.5);
  const cut = told.find(({ kind }) => kind === "cut");
  expect(cut).toMatchObject({ plan: "predictive" });
  expect(cut && explain(cut).sentence).toMatch(/lent VMs of plan predictive .* instead of/);
});

test("sums that are off by rounding cut nobody", () => {
  const { state } = runCell({ cell: { capacities: [1], vms: [vm, vm] }, ticks: new Array(4).fill(all(0.1)) });
  const given = 0.1 + 0.2;
  state.allocations.fill(given / 2);
  for (const [place, lent] of [0, 1, 2, 3].entries())
    state.layout.capacity[place] = allocated(state, lent) * (1 - Number.EPSILON);
  const before = state.allocations.slice();
  const nothing = resourceVector({ cpu: 0, memory: 0, network: 0, storage: 0 });
  const input = { forecasts: { origin: state.at, quantiles: new Float64Array(0) } } as unknown as TickInput;
  fitToHost(state, input, { host: 0, held: nothing, own: [], unseen: 0 });
  expect(state.allocations).toEqual(before);
  expect(state.leasesCut.includes(1)).toBe(false);
});

test("memory never goes back faster than in steps, unless its host is promised twice over", () => {
  const { stepShare, stepMin } = DOWNGRADE_RULES.memory;
  let trims = 0;
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      const wide = { ...cell, capacities: cell.capacities.map(() => 99) };
      runCell({ cell: wide, ticks }, ({ running: { state }, demand }) => {
        for (let series = 1; series < state.allocations.length; series += RESOURCE_COUNT) {
          const [from, to] = [state.allocationsBefore[series] ?? 0, state.allocations[series] ?? 0];
          if (to >= from) continue;
          trims++;
          expect(from - to).toBeLessThanOrEqual(Math.max(from * stepShare, stepMin) * (1 + 1e-9));
          expect(to).toBeGreaterThanOrEqual(Math.min((demand[series] ?? 0) * 1.1, from) * (1 - 1e-9));
        }
      });
    }),
    { seed: 1, numRuns: 20 },
  );
  expect(trims).toBeGreaterThan(30);
}, 20_000);

test("a host that will run out says so a day ahead, in a sentence", () => {
  const day = Array.from({ length: 24 }, (_, hour) => all(hour >= 9 && hour < 11 ? 0.7 : 0.1));
  const told: DecisionRecord[] = [];
  runCell({ cell: { capacities: [1.1], vms: [vm, vm] }, ticks: [...day, ...day, ...day] }, ({ records }) => {
    told.push(...records.filter(({ kind }) => kind === "capacity-advice"));
  });
  expect(told.length).toBeGreaterThan(0);
  expect(told.map((record) => explain(record).sentence).join("\n")).toMatch(
    /host-0 will be short of .* (today|tomorrow)/,
  );
});
