import { expect, test } from "vitest";
import type { CellId, CustomerId, VmId, WorkloadId } from "../../model/fleet.ts";
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { RESOURCES } from "../../model/resources.ts";
import { failure, success } from "../../model/result.ts";
import type { Tick } from "../contract/live.ts";
import type { CustomerAllocation, CustomerForecast } from "../contract/monitoring.ts";
import type { CellQuestion } from "./cell-questions.ts";
import { createFleetViews, type ShownCell } from "./fleet-views.ts";

const ACME = "acme" as CustomerId;
const OTHER = "other" as CustomerId;

function allocation(amount: number, at: string): CustomerAllocation {
  const of = { demand: amount, base: 1, leased: amount, allocation: 1 + amount, bufferInReach: 2, headroom: 3 };
  const resources = Object.fromEntries(RESOURCES.map((resource) => [resource, of])) as CustomerAllocation["resources"];
  return { customer: ACME, vms: 1, at, resources, leases: [] };
}

function forecast(amount: number): CustomerForecast {
  const row = QUANTILE_LEVELS.map(() => amount);
  const of = { nextTick: row, halfHourPeak: row, hourlyPeaks: null, basis: `Of ${amount}.` };
  const resources = Object.fromEntries(RESOURCES.map((resource) => [resource, of])) as CustomerForecast["resources"];
  return { customer: ACME, origin: "2026-03-02T00:00:00.000Z", levels: [...QUANTILE_LEVELS], resources };
}

function aCell(id: string, { vm, says }: { vm: string; says: (question: CellQuestion) => unknown }): ShownCell {
  const asked = async (question: CellQuestion) => {
    const said = says(question);
    return said instanceof Error ? failure("unavailable", said.message) : success(said as never);
  };
  const workload = "w" as WorkloadId;
  return {
    cell: {
      id: id as CellId,
      vms: [{ id: vm as VmId, workload }] as never,
      customers: [{ id: ACME, name: "Acme" }],
    },
    status: undefined,
    ask: asked as ShownCell["ask"],
  };
}

const saying = (amount: number, at: string) => (question: CellQuestion) => {
  if (question.kind === "customer-allocation") return allocation(amount, at);
  return question.kind === "customer-forecast" ? forecast(amount) : `${question.kind} ${amount}`;
};
const [FIRST, SECOND] = [
  aCell("c1", { vm: "a", says: saying(1, "1") }),
  aCell("c2", { vm: "b", says: saying(4, "2") }),
];
const DOWN = aCell("c3", { vm: "c", says: () => new Error("Cell c3 is being taken up again.") });

test("a VM is asked of its own cell, and nobody knows one that is in none", async () => {
  const views = createFleetViews(() => [FIRST, SECOND, DOWN]);
  expect(await views.vmAllocation("b" as VmId)).toEqual(success("vm-allocation 4"));
  expect(await views.vmForecast("a" as VmId)).toEqual(success("vm-forecast 1"));
  expect(await views.vmForecast("nobody" as VmId)).toEqual(success(undefined));
  expect(await views.vmAllocation("c" as VmId)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
});

test("what several cells say of a customer adds up; where one of them does not answer there is no answer", async () => {
  const views = createFleetViews(() => [FIRST, SECOND]);
  expect(await views.customerAllocation(ACME)).toMatchObject(
    success({
      vms: 2,
      at: "2",
      resources: { cpu: { demand: 5, base: 2, leased: 5, allocation: 7, bufferInReach: 4, headroom: 6 } },
    }),
  );
  expect(await views.customerForecast(ACME)).toMatchObject(
    success({
      resources: { memory: { nextTick: QUANTILE_LEVELS.map(() => 5), hourlyPeaks: null, basis: "Of 1. Of 4." } },
    }),
  );
  expect(await views.customerAllocation(OTHER)).toEqual(success(undefined));
  const halfDown = createFleetViews(() => [FIRST, DOWN]);
  expect(await halfDown.customerAllocation(ACME)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
});

test("the page is of the first cell that has ticked, and hears of its ticks only", async () => {
  const cells = [FIRST, SECOND];
  const views = createFleetViews(() => cells);
  const heard: string[] = [];
  const leave = views.subscribe(({ at }) => heard.push(at));
  const tick = (at: string) => ({ at }) as Tick;
  expect(await views.fleet()).toEqual(success(undefined));
  views.tell("c2" as CellId, tick("second"));
  expect(await views.fleet()).toEqual(success("fleet 4"));
  views.tell("c1" as CellId, tick("first"));
  views.tell("c2" as CellId, tick("second again"));
  expect(await views.fleet()).toEqual(success("fleet 1"));
  cells.shift();
  views.tell("c2" as CellId, tick("alone"));
  leave();
  views.tell("c2" as CellId, tick("nobody hears"));
  expect(heard).toEqual(["second", "first", "alone"]);
});
