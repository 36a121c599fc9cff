// When a host has less room than was asked for: bases stand, the buffer gives way first, then leases by equal shares.

/** One host and resource, base units. */
export interface Wish {
  readonly capacity: number;
  /** Bases and shadow minimums: always there. */
  readonly fixed: number;
  readonly leases: number;
  readonly buffer: number;
}

export interface Granted {
  /** Every lease is cut to this share of itself. */
  readonly leaseShare: number;
  readonly buffer: number;
}

/** Asking for no more than fits gives exactly what was asked for. */
export function share({ capacity, fixed, leases, buffer }: Wish): Granted {
  const room = Math.max(capacity - fixed, 0);
  if (leases + buffer <= room) return { leaseShare: 1, buffer };
  if (leases <= room) return { leaseShare: 1, buffer: room - leases };
  return { leaseShare: room / leases, buffer: 0 };
}
