// What the prediction costs an operator, and whose it is: capacity lent and not used (forecasts that were too high), and the buffer held
// for those that were too low. By customer it adds up to the whole, since every quantum of both is in one usage record.
import type { CustomerId } from "../model/fleet.ts";
import { addMoney, type Micros, NO_MONEY, subtractMoney } from "../model/money.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import { amountOf, type UsageRecord, withoutRepeats } from "../model/usage-record.ts";
import { addTo, type ExactSum, emptySum, exactValue } from "./exact-sum.ts";
import type { Rates } from "./price-book.ts";
import { isPredicted, lineAmount } from "./rate-usage.ts";

export interface PredictionCost {
  readonly customer: CustomerId;
  readonly plan: ServicePlan;
  readonly resource: Resource;
  /** Quanta x ms: lent, and of that not used. */
  readonly leased: bigint;
  readonly idle: bigint;
  /** Its share of what was held for all of its host. */
  readonly buffer: bigint;
  /** At the operator's own cost of capacity. */
  readonly idleCost: Micros;
  readonly bufferCost: Micros;
}

/** `costs`: what a priced unit costs the operator for an hour. In no particular order of records; by customer, plan and resource. */
export function predictionCosts(records: Iterable<UsageRecord>, costs: Rates): readonly PredictionCost[] {
  const sums = new Map<string, OpenCost>();
  for (const record of withoutRepeats(records))
    for (const resource of RESOURCES) {
      if (!isPredicted(record, resource)) continue;
      const { customer, plan } = record;
      const name = `${customer} ${plan} ${resource}`;
      const open = sums.get(name) ?? {
        customer,
        plan,
        resource,
        leased: emptySum(),
        idle: emptySum(),
        buffer: emptySum(),
      };
      sums.set(name, open);
      const leased = amountOf(record, "leased", resource);
      addTo(open.leased, leased);
      // What was used beyond the base came out of the lease, or out of the buffer after it was lent on the fast path.
      addTo(open.idle, leased - amountOf(record, "over", resource));
      addTo(open.buffer, amountOf(record, "buffer", resource));
    }
  return [...sums.values()].map((open) => closed(open, costs));
}

interface OpenCost extends Pick<PredictionCost, "customer" | "plan" | "resource"> {
  readonly leased: ExactSum;
  readonly idle: ExactSum;
  readonly buffer: ExactSum;
}

function closed({ customer, plan, resource, ...sums }: OpenCost, costs: Rates): PredictionCost {
  const [leased, idle, buffer] = [exactValue(sums.leased), exactValue(sums.idle), exactValue(sums.buffer)];
  const costOf = (quantity: bigint) => lineAmount({ resource, rate: costs[resource], quantity });
  return { customer, plan, resource, leased, idle, buffer, idleCost: costOf(idle), bufferCost: costOf(buffer) };
}

/** What a plan brought in and what it cost: for whoever sets its prices. */
export interface PlanMargin {
  readonly revenue: Micros;
  readonly idleCost: Micros;
  readonly bufferCost: Micros;
  /** revenue - idleCost - bufferCost, before the cost of what was really used. */
  readonly margin: Micros;
}

export function marginOf(revenue: Micros, costs: readonly PredictionCost[]): PlanMargin {
  const total = (of: (cost: PredictionCost) => Micros) => costs.map(of).reduce(addMoney, NO_MONEY);
  const [idleCost, bufferCost] = [total((each) => each.idleCost), total((each) => each.bufferCost)];
  return { revenue, idleCost, bufferCost, margin: subtractMoney(revenue, addMoney(idleCost, bufferCost)) };
}
