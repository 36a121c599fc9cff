// What several cells say of one customer, as one. Amounts add up; forecasts are added level by level, which is on the careful side.
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { CustomerAllocation, CustomerForecast } from "../contract/monitoring.ts";
import type { ShownForecast } from "./shown-forecast.ts";

/** undefined where no cell knows anything of it. */
export function joinedAllocation(parts: readonly CustomerAllocation[]): CustomerAllocation | undefined {
  const [first] = parts;
  return first === undefined || parts.length === 1 ? first : parts.reduce(addAllocation);
}

export function joinedForecast(parts: readonly CustomerForecast[]): CustomerForecast | undefined {
  const [first] = parts;
  return first === undefined || parts.length === 1 ? first : parts.reduce(addForecast);
}

type Amounts = CustomerAllocation["resources"][Resource];

function addAllocation(left: CustomerAllocation, right: CustomerAllocation): CustomerAllocation {
  return {
    customer: left.customer,
    vms: left.vms + right.vms,
    at: left.at > right.at ? left.at : right.at,
    resources: byResource((resource) => addAmounts(left.resources[resource], right.resources[resource])),
    leases: [...left.leases, ...right.leases],
  };
}

function addAmounts(left: Amounts, right: Amounts): Amounts {
  const [base, allocation] = [left.base + right.base, left.allocation + right.allocation];
  const bufferInReach = left.bufferInReach + right.bufferInReach;
  const demand = (left.demand ?? 0) + (right.demand ?? 0);
  const headroom = allocation + bufferInReach - demand;
  return { demand, base, leased: Math.max(allocation - base, 0), allocation, bufferInReach, headroom };
}

function addForecast(left: CustomerForecast, right: CustomerForecast): CustomerForecast {
  const resources = byResource((resource) => added(left.resources[resource], right.resources[resource]));
  return { ...left, resources };
}

function added(left: ShownForecast, right: ShownForecast): ShownForecast {
  return {
    nextTick: addedRow(left.nextTick, right.nextTick),
    halfHourPeak: addedRow(left.halfHourPeak, right.halfHourPeak),
    hourlyPeaks: addedHours(left.hourlyPeaks, right.hourlyPeaks),
    basis: `${left.basis} ${right.basis}`,
  };
}

function addedRow(left: readonly number[] | null, right: readonly number[] | null): number[] | null {
  return left && right && left.map((amount, level) => amount + (right[level] ?? 0));
}

function addedHours(
  left: ShownForecast["hourlyPeaks"],
  right: ShownForecast["hourlyPeaks"],
): ShownForecast["hourlyPeaks"] {
  if (left === null || right === null || left.length !== right.length) return null;
  return left.map((row, hour) => row.map((amount, level) => amount + (right[hour]?.[level] ?? 0)));
}

function byResource<Value>(of: (resource: Resource) => Value): Record<Resource, Value> {
  return Object.fromEntries(RESOURCES.map((resource) => [resource, of(resource)])) as Record<Resource, Value>;
}
