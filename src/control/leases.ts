// The leases of a cell as things with a name and a term, out of the columns that the step works on.
import type { Lease, LeaseId } from "../model/lease.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { type Instant, instant } from "../model/time.ts";
import type { CellState } from "./cell-state.ts";
import { resourceOf } from "./series.ts";

/** What is lent for the tick that begins: each lease runs to its end and is decided anew there. */
export function leasesOf({ layout, allocations, leasedSince, at }: CellState): Lease[] {
  const expiresAt = instant(at + layout.stepMs);
  return layout.vmIds.flatMap((vm, index) => {
    const series = Array.from({ length: RESOURCE_COUNT }, (_, offset) => index * RESOURCE_COUNT + offset);
    return series.flatMap((each): Lease[] => {
      const amount = (allocations[each] ?? 0) - (layout.base[each] ?? 0);
      if (amount <= 0) return [];
      const resource = resourceOf(each);
      const grantedAt = instant(leasedSince[each] ?? at);
      return [{ id: `${vm}/${resource}` as LeaseId, vm, resource, amount, grantedAt, expiresAt, state: "held" }];
    });
  });
}

/** A lease that grows or shrinks goes on; one that ended begins anew. */
export function dateLeases({ layout, allocations, leasedSince }: CellState, now: Instant): void {
  for (let series = 0; series < allocations.length; series++) {
    const lent = (allocations[series] as number) > (layout.base[series] as number);
    if (!lent) leasedSince[series] = Number.NaN;
    else if (Number.isNaN(leasedSince[series] as number)) leasedSince[series] = now;
  }
}
