// What all running cells show together: of the live picture the first cell that has ticked, since a page shows one cell. A question goes to the cells that can know, and what
// several of them say is joined here. Where one of them does not answer there is no answer: half a sum would look like a whole one.
import type { Cell, CellId, CustomerId, VmId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";
import type { Tick } from "../contract/live.ts";
import type { LiveSource } from "../contract/live-source.ts";
import type { LiveViews } from "../contract/live-views.ts";
import type { CellStatus } from "../contract/operator.ts";
import type { CellAnswers, CellQuestion } from "./cell-questions.ts";
import { joinedEffects } from "./event-effects.ts";
import { joinedAllocation, joinedForecast } from "./join-cells.ts";

/** A cell as the door sees it, wherever it runs. */
export interface ShownCell {
  /** As it was planned: who and what is in it. */
  readonly cell: Pick<Cell, "id" | "vms" | "customers">;
  /** As it last said; undefined before it was taken up. */
  readonly status: CellStatus | undefined;
  ask<Question extends CellQuestion>(question: Question): Promise<Result<CellAnswers[Question["kind"]]>>;
}

export interface FleetViews extends LiveViews, LiveSource {
  /** A cell finished a tick. */
  tell(cell: CellId, tick: Tick): void;
}

export function createFleetViews(cells: () => Iterable<ShownCell>): FleetViews {
  const listeners = new Set<(tick: Tick) => void>();
  const ofVm = (vm: VmId) => [...cells()].find(({ cell }) => vmsOf(cell).has(vm));
  const ofCustomer = (customer: string) =>
    [...cells()].filter(({ cell }) => cell.customers.some(({ id }) => id === customer));
  const ticked = new Set<CellId>();
  const shown = () => [...cells()].find(({ cell }) => ticked.has(cell.id));
  const askAll = async <Question extends CellQuestion>(asked: readonly ShownCell[], question: Question) =>
    known(await Promise.all(asked.map((each) => each.ask(question))));
  return {
    vmAllocation: async (vm) => (await ofVm(vm)?.ask({ kind: "vm-allocation", vm })) ?? NOBODY,
    vmForecast: async (vm) => (await ofVm(vm)?.ask({ kind: "vm-forecast", vm })) ?? NOBODY,
    async customerAllocation(customer) {
      const parts = await askAll(ofCustomer(customer), { kind: "customer-allocation", customer });
      return parts.ok ? success(joinedAllocation(parts.value)) : parts;
    },
    async customerForecast(customer) {
      const parts = await askAll(ofCustomer(customer), { kind: "customer-forecast", customer });
      return parts.ok ? success(joinedForecast(parts.value)) : parts;
    },
    async eventEffects(event) {
      const parts = await askAll([...cells()], { kind: "event-effects", event });
      return parts.ok ? success(joinedEffects(event, parts.value)) : parts;
    },
    status: () => [...cells()].flatMap(({ status }) => (status === undefined ? [] : [status])),
    fleet: async () => (await shown()?.ask({ kind: "fleet" })) ?? NOBODY,
    async customerChart(id) {
      const charts = await askAll(ofCustomer(id), { kind: "customer-chart", customer: id as CustomerId });
      return charts.ok ? success(charts.value[0]) : charts;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(cell, tick) {
      ticked.add(cell);
      if (shown()?.cell.id === cell) for (const listener of listeners) listener(tick);
    },
  };
}

const NOBODY = success(undefined);

const vmSets = new WeakMap<object, ReadonlySet<VmId>>();

function vmsOf({ vms }: Pick<Cell, "vms">): ReadonlySet<VmId> {
  const set = vmSets.get(vms) ?? new Set(vms.map(({ id }) => id));
  vmSets.set(vms, set);
  return set;
}

/** Of those that know something; the first failure where there is one. */
function known<Value>(answers: readonly Result<Value>[]): Result<readonly Exclude<Value, undefined>[]> {
  const values: Exclude<Value, undefined>[] = [];
  for (const answer of answers) {
    if (!answer.ok) return answer;
    if (answer.value !== undefined) values.push(answer.value as Exclude<Value, undefined>);
  }
  return success(values);
}
