// What a running cell shows of itself to the API: each tick is recorded, questions are answered from the newest one and from
// the cell as it stands. Nothing here changes a cell.
import { vmIndexOf } from "../../control/cell-layout.ts";
import { leasesOf } from "../../control/leases.ts";
import type { RunningCell, TickReport } from "../../control/loop.ts";
import { mayBurst } from "../../control/service-terms.ts";
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId, VmId } from "../../model/fleet.ts";
import type { Lease } from "../../model/lease.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";
import { iso } from "../../model/time.ts";
import type { CustomerAllocation, CustomerForecast, VmAllocation, VmForecast } from "../contract/monitoring.ts";
import type { CellStatus } from "../contract/operator.ts";
import type { EventEffects } from "../contract/sources.ts";
import { createCustomerTotals } from "./customer-totals.ts";
import { effectsOfEvent } from "./event-effects.ts";
import { forecastOfVm } from "./shown-forecast.ts";

/** Of one cell; undefined for what it does not run, and before anything was recorded. */
export interface RunningViews {
  vmAllocation(vm: VmId): VmAllocation | undefined;
  vmForecast(vm: VmId): VmForecast | undefined;
  /** As it was worked out after the newest tick; undefined where nobody asked since. Right also in the middle of the next one. */
  knownForecast(vm: VmId): VmForecast | undefined;
  customerAllocation(customer: CustomerId): CustomerAllocation | undefined;
  customerForecast(customer: CustomerId): CustomerForecast | undefined;
  eventEffects(event: ExternalEvent): EventEffects | undefined;
  status(): CellStatus | undefined;
  /** Called once for every finished tick, and for a cell that goes on after a restart. */
  record(report: SeenCellNow): void;
}

/** A cell and the demand that was taken of its newest tick. */
type SeenCellNow = Pick<TickReport, "cell"> & { readonly observed: Pick<TickReport["observed"], "demand"> };

interface SeenCell {
  readonly cell: RunningCell;
  /** [series] of the newest tick; NaN: no usable sample. */
  demand: Float64Array;
  /** By VM, of the newest tick: worked out once, since nothing changes before the next one. */
  readonly forecasts: Map<number, VmForecast>;
}

const FORECASTS_MAX = 2_000;

export function createRunningViews(): RunningViews {
  const totals = createCustomerTotals();
  let seen: SeenCell | undefined;

  function find(vm: VmId): { readonly at: SeenCell; readonly index: number } | undefined {
    const index = seen && vmIndexOf(seen.cell.state.layout).get(vm);
    return seen === undefined || index === undefined ? undefined : { at: seen, index };
  }

  return {
    record({ cell, observed }) {
      seen = { cell, demand: observed.demand.slice(), forecasts: new Map() };
      totals.record(cell, observed.demand);
    },
    vmAllocation(vm) {
      const found = find(vm);
      return found && allocationOfVm(found.at, found.index);
    },
    vmForecast(vm) {
      const found = find(vm);
      return found && rememberedForecast(found.at, found.index);
    },
    knownForecast(vm) {
      const found = find(vm);
      return found?.at.forecasts.get(found.index);
    },
    customerAllocation: (customer) => seen && allocationOfCustomer(seen, customer),
    customerForecast: (customer) => totals.forecast(customer),
    eventEffects: (event) => seen && effectsOfEvent(seen.cell, event),
    status: () => seen && statusOf(seen),
  };
}

function rememberedForecast({ cell, forecasts }: SeenCell, index: number): VmForecast {
  const forecast = forecasts.get(index) ?? forecastOfVm(cell, index);
  if (forecasts.size >= FORECASTS_MAX) forecasts.clear();
  forecasts.set(index, forecast);
  return forecast;
}

interface Amounts {
  demand: number;
  base: number;
  allocation: number;
  bufferInReach: number;
}

function allocationOfVm(at: SeenCell, index: number): VmAllocation {
  const { layout } = at.cell.state;
  const vm = layout.vmIds[index] as VmId;
  const host = layout.hostIds[layout.hostOfVm[index] as number] ?? "";
  const of = (resource: Resource) => shownAmounts(amountsOf(at, index, resource));
  const resources = { cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") };
  return { vm, host, at: iso(at.cell.state.at), resources, leases: leasesOfVm(at.cell, index) };
}

function amountsOf({ cell, demand }: SeenCell, index: number, resource: Resource): Amounts {
  const { state } = cell;
  const { layout } = state;
  const offset = RESOURCES.indexOf(resource);
  const series = index * RESOURCE_COUNT + offset;
  const place = (layout.hostOfVm[index] as number) * RESOURCE_COUNT + offset;
  const allocation = state.allocations[series] as number;
  const room = Math.max((state.terms.ceilings[series] as number) - allocation, 0);
  return {
    demand: demand[series] as number,
    base: layout.base[series] as number,
    allocation,
    bufferInReach: mayBurst(state.terms, series) ? Math.min(known(state.buffers[place]), room) : 0,
  };
}

function known(amount: number | undefined): number {
  return amount === undefined || Number.isNaN(amount) ? 0 : amount;
}

function shownAmounts({ demand, base, allocation, bufferInReach }: Amounts) {
  const isKnown = !Number.isNaN(demand);
  return {
    demand: isKnown ? demand : null,
    base,
    leased: Math.max(allocation - base, 0),
    allocation,
    bufferInReach,
    headroom: isKnown ? allocation + bufferInReach - demand : null,
  };
}

/** The columns of one VM make a cell of their own. */
function leasesOfVm({ state }: RunningCell, index: number): VmAllocation["leases"] {
  const { layout } = state;
  const part = (column: Float64Array) => column.subarray(index * RESOURCE_COUNT, (index + 1) * RESOURCE_COUNT);
  const own = { ...layout, vmIds: layout.vmIds.slice(index, index + 1), base: part(layout.base) };
  const { allocations, leasedSince } = state;
  return leasesOf({ ...state, layout: own, allocations: part(allocations), leasedSince: part(leasedSince) }).map(
    shownLease,
  );
}

function shownLease({ vm, resource, amount, grantedAt, expiresAt, state }: Lease) {
  return { vm, resource, amount, grantedAt: iso(grantedAt), expiresAt: iso(expiresAt), state };
}

function allocationOfCustomer(at: SeenCell, customer: CustomerId): CustomerAllocation | undefined {
  const owned = vmsOf(at, customer);
  if (owned.length === 0) return undefined;
  const of = (resource: Resource) => shownAmounts(sumOf(at, { owned, resource }));
  const resources = { cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") };
  const leases = owned.flatMap((index) => leasesOfVm(at.cell, index));
  return { customer, vms: owned.length, at: iso(at.cell.state.at), resources, leases };
}

function vmsOf({ cell }: SeenCell, customer: CustomerId): number[] {
  const { customers, customerOfVm } = cell.state.layout;
  const owner = customers.indexOf(customer);
  return owner < 0 ? [] : [...customerOfVm.keys()].filter((vm) => customerOfVm[vm] === owner);
}

/** VMs of one host share its buffer: it counts once. */
function sumOf(
  at: SeenCell,
  { owned, resource }: { readonly owned: readonly number[]; readonly resource: Resource },
): Amounts {
  const sum: Amounts = { demand: 0, base: 0, allocation: 0, bufferInReach: 0 };
  const { layout, buffers } = at.cell.state;
  const wanted = new Map<number, number>();
  for (const index of owned) {
    const amounts = amountsOf(at, index, resource);
    const host = layout.hostOfVm[index] as number;
    wanted.set(host, (wanted.get(host) ?? 0) + amounts.bufferInReach);
    // A VM without a sample says nothing of itself; the others still do.
    sum.demand += known(amounts.demand);
    sum.base += amounts.base;
    sum.allocation += amounts.allocation;
  }
  const offset = RESOURCES.indexOf(resource);
  for (const [host, amount] of wanted)
    sum.bufferInReach += Math.min(known(buffers[host * RESOURCE_COUNT + offset]), amount);
  return sum;
}

function statusOf({ cell, demand }: SeenCell): CellStatus {
  const { layout, guardrails, at, tick, allocations, shadowVms } = cell.state;
  const { killSwitch, modes } = guardrails;
  const vmCount = layout.vmIds.length;
  const isSilent = (vm: number) => Number.isNaN(demand[vm * RESOURCE_COUNT] as number);
  const silentVms = [...layout.vmIds.keys()].filter(isSilent).length;
  const acting = [...modes.customers.values()].filter((mode) => mode === "act").length;
  return {
    cell: layout.cell,
    at: iso(at),
    stepSeconds: layout.stepMs / 1000,
    mode: modes.cell,
    killSwitch,
    ticks: tick,
    hosts: layout.hostIds.length,
    vms: vmCount,
    customers: layout.customers.length,
    leases: allocations.reduce(
      (count, amount, series) => count + (amount > (layout.base[series] as number) ? 1 : 0),
      0,
    ),
    shadowVms: shadowVms.length,
    silentVms,
    sentence: sentenceOf({ killSwitch, mode: modes.cell, acting, silentVms }),
  };
}

function sentenceOf(given: {
  killSwitch: boolean;
  mode: "observe" | "act";
  acting: number;
  silentVms: number;
}): string {
  const { killSwitch, mode, acting, silentVms } = given;
  const silence =
    silentVms === 0
      ? ""
      : ` ${silentVms} ${silentVms === 1 ? "VM" : "VMs"} sent no usable sample: what they have stays.`;
  if (killSwitch) return `The kill switch is on: everything stays as it is.${silence}`;
  if (mode === "observe") return `Observes: it decides and explains, and changes nothing.${silence}`;
  return `Acts for ${acting === 1 ? "1 customer" : `${acting} customers`}, who opted in.${silence}`;
}
