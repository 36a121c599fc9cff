// Addresses that sent keys nobody knows: after so many within a minute they are not looked up any more until the minute is over, so
// that guessing costs the store nothing. Bounded: where too many addresses are remembered, all are forgotten.
import type { Instant } from "../../model/time.ts";
import { MINUTE_MS } from "../../model/time.ts";

export interface UnknownKeys {
  isTooMany(address: string): boolean;
  count(address: string): void;
}

const ADDRESSES_MAX = 10_000;

export function countUnknownKeys({
  perMinute,
  now,
}: {
  readonly perMinute: number;
  readonly now: () => Instant;
}): UnknownKeys {
  const failed = new Map<string, { readonly since: number; times: number }>();
  const current = (address: string) => {
    const known = failed.get(address);
    return known !== undefined && now() - known.since < MINUTE_MS ? known : undefined;
  };
  return {
    isTooMany: (address) => (current(address)?.times ?? 0) >= perMinute,
    count(address) {
      const known = current(address);
      if (known !== undefined) {
        known.times++;
        return;
      }
      if (failed.size >= ADDRESSES_MAX) failed.clear();
      failed.set(address, { since: now(), times: 1 });
    },
  };
}
