// What is lent has one holder, and the cell's books on it are sane.
import { leasesOf } from "../../../control/leases.ts";
import type { RunningCell } from "../../../control/loop.ts";
import { type Decided, first, type Invariant, isAbove, isOff, placesOf, seriesOf } from "./invariant.ts";

/** One lease for a VM and resource at most, and it is all that the VM has above its base. */
export function oneLeaseOneHolder(): Invariant {
  return { name: "one lease, one holder", onDecided: ({ cell }) => first(leaseFaults(cell)) };
}

function* leaseFaults({ state }: RunningCell): Generator<string> {
  const { layout, allocations, at } = state;
  const lent = new Map<string, number>();
  for (const { id, vm, resource, amount, grantedAt, expiresAt } of leasesOf(state)) {
    const holder = `${vm}/${resource}`;
    if (lent.has(holder)) yield `${holder} holds two leases, one of them ${id}.`;
    if (!(grantedAt <= at && at < expiresAt)) yield `${id} runs from ${grantedAt} to ${expiresAt}, and it is ${at}.`;
    lent.set(holder, amount);
  }
  for (const { vm, resource, series, base } of seriesOf(layout)) {
    const amount = allocations[series] ?? Number.NaN;
    const expected = base + (lent.get(`${vm}/${resource}`) ?? 0);
    if (isOff({ amount, expected, resource }))
      yield `${vm} has ${amount} of ${resource}; its base and its lease are ${expected}.`;
  }
}

/** Bases, leases, buffer and the minimums of its shadow VMs fit on a host of which all is known. */
export function booksFit(): Invariant {
  const check = (seen: Seen) => first(bookFaults(seen));
  return {
    name: "books fit the host",
    onDecided: check,
    // Before the first tick nobody knows what VMs have: then the cell expects the most.
    onBetween: (seen) => (seen.cell.state.tick > 0 ? check(seen) : undefined),
  };
}

type Seen = Pick<Decided, "cell" | "unsure"> & {
  readonly kind: "tick" | "between";
  readonly failed: Decided["failed"];
};

function* bookFaults({ kind, cell: { state }, unsure, failed }: Seen): Generator<string> {
  for (const { host, resource, place, series, capacity } of placesOf(state.layout)) {
    const buffer = state.buffers[place] ?? Number.NaN;
    if (!(buffer >= 0)) yield `${host} holds a buffer of ${buffer} of ${resource}.`;
    // What failed since the tick is found again by the next one: until then what is seen of it stands beside what was wished.
    if (unsure.has(host) || (kind === "between" && failed.has(host))) continue;
    const own = state.shadowVms.filter((vm) => vm.host === host);
    const minimums = own.reduce((sum, vm) => sum + vm.minimum[resource], 0);
    const given = series.reduce((sum, each) => sum + (state.allocations[each] ?? Number.NaN), 0);
    if (isAbove({ amount: given + buffer + minimums, limit: capacity, resource }))
      yield `${host} has ${capacity} of ${resource}: ${given} for its VMs, ${buffer} ready, ${minimums} to stay up.`;
  }
}
