// What each plan would have cost a customer, and would cost from now on: its own history replayed through the real planner, metered and
// rated as in production, plan by plan. Nothing is known of a tick before it is over.
import { layOut } from "../../control/cell-layout.ts";
import { type CellState, createCellState, pooledPromise } from "../../control/cell-state.ts";
import { demandFloors } from "../../control/loop.ts";
import { step } from "../../control/step.ts";
import { usageRecords } from "../../control/usage/close-usage.ts";
import { advance, createDemandEngine } from "../../forecast/demand-engine.ts";
import type { CustomerId, HostId, PoolId, VmId, WorkloadId } from "../../model/fleet.ts";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { Micros } from "../../model/money.ts";
import { NOTHING, RESOURCES, type ResourceVector, resourceVector, UNLIMITED_AMOUNT } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { SERVICE_PLANS, type ServicePlan } from "../../model/service-plan.ts";
import type { ShadowVm, ShadowVmId } from "../../model/shadow-vm.ts";
import { DAY_MS, HOUR_MS, instant, startOfTick, type TimeGrid } from "../../model/time.ts";
import type { UsageRecord } from "../../model/usage-record.ts";
import type { PriceBook } from "../../pricing/price-book.ts";
import { billOf, fixedBill, type PlanQuote } from "./bill-history.ts";

export interface QuoteHistory {
  readonly customer: CustomerId;
  readonly grid: TimeGrid;
  readonly vms: readonly QuotedVm[];
  readonly serviceLevel: number;
  /** The version that is in force now prices all of it. */
  readonly book: PriceBook;
  /** By the score of its profiles now: 0..1. */
  readonly discountShare: number;
}

interface QuotedVm {
  readonly id: VmId;
  readonly base: ResourceVector;
  /** What it would have without Headroom. */
  readonly size: ResourceVector;
  /** [resource][tick] demand, base units; NaN where nothing was seen. */
  readonly demand: readonly Float64Array[];
}

export interface Quote {
  readonly currency: string;
  readonly vms: number;
  /** Days that were billed; as many before them only taught. */
  readonly days: number;
  /** Fixed sizes at the prices of plan `standard`, a month. */
  readonly fixed: Micros;
  readonly plans: readonly PlanQuote[];
}

const DAYS_LEAST = 4;

/** "bad-input" where there are fewer than four days of history. Half of it teaches, half is billed. */
export function quotePlans(history: QuoteHistory): Result<Quote> {
  const { grid, vms, book, discountShare } = history;
  const days = Math.floor((grid.length * grid.stepMs) / DAY_MS);
  if (days < DAYS_LEAST || vms.length === 0)
    return failure("bad-input", `A quote needs ${DAYS_LEAST} days of samples; there are ${days} of ${vms.length} VMs.`);
  const end = startOfTick(grid, grid.length);
  const billedDays = Math.floor(days / 2);
  const to = instant(Math.floor(end / HOUR_MS) * HOUR_MS);
  const span = { from: instant(to - billedDays * DAY_MS), to };
  const records = replay(history);
  const plans = SERVICE_PLANS.map((plan) => {
    const usage = (records.get(plan) ?? []).filter(({ from }) => from >= span.from && from < span.to);
    return billOf(usage, { plan, book, span, discountShare, customer: history.customer });
  });
  const fixed = fixedBill(
    vms.map(({ size }) => size),
    book,
  );
  const told: PlanQuote[] = [];
  for (const plan of plans) {
    if (!plan.ok) return plan;
    told.push(plan.value);
  }
  return success({ currency: book.currency, vms: vms.length, days: billedDays, fixed, plans: told });
}

/** One forecaster for all plans, and a cell of its own for each. */
function replay(history: QuoteHistory): ReadonlyMap<ServicePlan, readonly UsageRecord[]> {
  const { grid, vms } = history;
  const cells = SERVICE_PLANS.map((plan) => ({ plan, state: cellUnder(plan, history), records: [] as UsageRecord[] }));
  const seriesCount = vms.length * RESOURCES.length;
  const engine = createDemandEngine({ stepMs: grid.stepMs, floors: demandFloors(seriesCount) });
  const demand = new Float64Array(seriesCount);
  const quantiles = new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN);
  for (let tick = 0; tick < grid.length; tick++) {
    for (let series = 0; series < seriesCount; series++)
      demand[series] =
        vms[Math.floor(series / RESOURCES.length)]?.demand[series % RESOURCES.length]?.[tick] ?? Number.NaN;
    advance(engine, { demand }, quantiles);
    const now = startOfTick(grid, tick + 1);
    for (const { state, records } of cells) {
      step(state, { kind: "tick", now, demand, shadowVms: [SHADOW_VM], forecasts: { origin: now, quantiles } });
      records.push(...usageRecords(state.layout, state.usage.closed));
    }
  }
  return new Map(cells.map(({ plan, records }) => [plan, records]));
}

const HOST = "quote" as HostId;
const UNLIMITED = resourceVector({
  cpu: UNLIMITED_AMOUNT,
  memory: UNLIMITED_AMOUNT,
  network: UNLIMITED_AMOUNT,
  storage: UNLIMITED_AMOUNT,
});
const SHADOW_VM: ShadowVm = {
  ...{ id: "shadow-quote" as ShadowVmId, host: HOST, state: "ready" },
  ...{ minimum: NOTHING, ceiling: UNLIMITED, allocation: NOTHING },
};

/** On a host of its own, that is never full: its buffer is held for this customer alone, which costs more than sharing one. */
function cellUnder(plan: ServicePlan, { vms, grid, customer, serviceLevel }: QuoteHistory): CellState {
  const workload = "quote" as WorkloadId;
  const layout = layOut(
    {
      workloads: [{ id: workload, customer, class: "web" }],
      pools: [{ id: "quote" as PoolId, kind: "shared" }],
      hosts: [{ id: HOST, pool: "quote" as PoolId, capacity: UNLIMITED }],
      vms: vms.map(({ id, base }) => ({ id, base, ceiling: UNLIMITED, workload, host: HOST })),
    },
    { stepMs: grid.stepMs, shadowVm: { minimum: NOTHING, ceiling: UNLIMITED } },
  );
  const state = createCellState({ layout, promise: pooledPromise(serviceLevel), at: grid.startMs });
  const contract = { customer, plan, optedIn: RESOURCES };
  step(state, { kind: "command", now: grid.startMs, command: { kind: "set-terms", contract } });
  return state;
}
