// Pieces are closed at every whole hour, when the terms of a VM change, and when it leaves; what is closed is handed on once.
import type { CustomerId, VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../model/resources.ts";
import { SERVICE_PLANS } from "../../model/service-plan.ts";
import { type Instant, instant } from "../../model/time.ts";
import { AMOUNT_COUNT, USAGE_METERS, type UsageRecord } from "../../model/usage-record.ts";
import { type CellLayout, NOBODY } from "../cell-layout.ts";
import type { CellState, ServicePromise } from "../cell-state.ts";
import { CONSENT } from "../service-terms.ts";
import { type ClosedUsage, VM_METERS } from "./usage-memory.ts";

export function closeHour(state: CellState, at: Instant): void {
  closeVms(state, { vms: [...state.layout.vmIds.keys()], at });
  closeHandOvers(state, at);
}

/** VMs whose terms are others now than in their open piece; they begin a new one. */
export function closeChangedTerms(state: CellState, at: Instant): void {
  const { usage, terms, layout } = state;
  const acting = actingCustomers(state);
  const changed: number[] = [];
  for (const vm of layout.vmIds.keys()) {
    const shaped = acting[layout.customerOfVm[vm] as number] === 1 ? consentOf(state, vm) : 0;
    if (usage.plans[vm] !== terms.plans[vm] || usage.shaped[vm] !== shaped) changed.push(vm);
  }
  if (changed.length === 0) return;
  closeVms(state, { vms: changed, at });
  for (const vm of changed) {
    usage.plans[vm] = terms.plans[vm] as number;
    usage.shaped[vm] = acting[layout.customerOfVm[vm] as number] === 1 ? consentOf(state, vm) : 0;
  }
}

/** Of VMs that are not in the layout that follows: as they stood at the last tick. Changes nothing. */
export function piecesOfLeft(state: CellState, after: CellLayout): readonly ClosedUsage[] {
  const stays = new Set<VmId>(after.vmIds);
  const vms = state.layout.vmIds.flatMap((id, vm) => (stays.has(id) ? [] : [vm]));
  return pieceOf(state, { vms, at: instant(state.usage.tickedAt) });
}

/** Pieces as records: of VMs that belong to nobody there are none. */
export function usageRecords({ cell }: Pick<CellLayout, "cell">, closed: readonly ClosedUsage[]): UsageRecord[] {
  return closed.flatMap((batch) =>
    batch.ids.map((id, row) => ({
      cell,
      customer: batch.customers[row] as CustomerId,
      subject: { kind: batch.kind, id } as UsageRecord["subject"],
      from: batch.from[row] as Instant,
      to: batch.to,
      plan: SERVICE_PLANS[batch.plans[row] as number] ?? "standard",
      shaped: batch.shaped[row] as number,
      serviceLevel: batch.serviceLevel,
      amounts: batch.amounts.subarray(row * AMOUNT_COUNT, (row + 1) * AMOUNT_COUNT),
    })),
  );
}

/** [customer] 1: somebody acts for it, so that what it has is what was promised. */
function actingCustomers({ layout, guardrails: { modes } }: CellState): Uint8Array {
  return Uint8Array.from(layout.customers, (customer) =>
    modes.cell === "act" && modes.customers.get(customer) === "act" ? 1 : 0,
  );
}

/** What it agreed to, as bits. */
function consentOf({ terms }: CellState, vm: number): number {
  let bits = 0;
  for (let offset = 0; offset < RESOURCE_COUNT; offset++)
    if (terms.consent[vm * RESOURCE_COUNT + offset] === CONSENT.shaped) bits |= 1 << offset;
  return bits;
}

interface Closing {
  readonly vms: readonly number[];
  readonly at: Instant;
}

function closeVms(state: CellState, { vms, at }: Closing): void {
  const { usage } = state;
  usage.closed.push(...pieceOf(state, { vms, at }));
  for (const vm of vms) {
    usage.openedAt[vm] = at;
    for (const meter of VM_METERS) usage.open[meter].fill(0, vm * RESOURCE_COUNT, (vm + 1) * RESOURCE_COUNT);
  }
}

/** Those that have an owner, and lasted. */
function pieceOf({ usage, layout, promise }: CellState, { vms, at }: Closing): readonly ClosedUsage[] {
  const rows = vms.filter((vm) => layout.customerOfVm[vm] !== NOBODY && (usage.openedAt[vm] as number) < at);
  if (rows.length === 0) return [];
  const amounts = new Float64Array(rows.length * AMOUNT_COUNT);
  for (const [index, meter] of USAGE_METERS.entries()) {
    if (meter === "handOver") continue;
    const column = usage.open[meter];
    for (const [row, vm] of rows.entries())
      for (let offset = 0; offset < RESOURCE_COUNT; offset++)
        amounts[row * AMOUNT_COUNT + index * RESOURCE_COUNT + offset] = column[vm * RESOURCE_COUNT + offset] as number;
  }
  const piece: ClosedUsage = {
    kind: "vm",
    to: at,
    serviceLevel: levelOf(promise),
    ids: rows.map((vm) => layout.vmIds[vm] as string),
    customers: rows.map((vm) => layout.customers[layout.customerOfVm[vm] as number] as string),
    from: Float64Array.from(rows, (vm) => usage.openedAt[vm] as number),
    plans: Uint8Array.from(rows, (vm) => usage.plans[vm] as number),
    shaped: Uint8Array.from(rows, (vm) => usage.shaped[vm] as number),
    amounts,
  };
  return [piece];
}

function closeHandOvers({ usage, promise, terms, layout }: CellState, at: Instant): void {
  for (const [workload, { customer, openedAt, amounts: counted }] of usage.handOvers) {
    const amounts = new Float64Array(AMOUNT_COUNT);
    amounts.set(counted, USAGE_METERS.indexOf("handOver") * RESOURCE_COUNT);
    const [vm] = layout.vmsOfWorkload[layout.workloads.findIndex(({ id }) => id === workload)] ?? [];
    usage.closed.push({
      kind: "workload",
      to: at,
      serviceLevel: levelOf(promise),
      ids: [workload],
      customers: [customer],
      from: Float64Array.of(openedAt),
      plans: Uint8Array.of(vm === undefined ? SERVICE_PLANS.indexOf("standard") : (terms.plans[vm] as number)),
      shaped: Uint8Array.of(2 ** RESOURCES.length - 1),
      amounts,
    });
  }
  usage.handOvers.clear();
}

function levelOf(promise: ServicePromise): number {
  return promise.kind === "pooled" ? 1 - promise.violations : promise.level;
}
