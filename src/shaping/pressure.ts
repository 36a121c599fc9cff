// Whether a VM is held back in one resource right now: seen by the source, measured, or usage close to what is allowed.
import type { Resource } from "../model/resources.ts";

/**
 * Share of the allocation from which on usage counts as pressure. Memory cannot wait for a tick and cannot be throttled,
 * but a guest at 90 % of it is at ease; a CPU that is 95 % busy in the mean was busy without a break for most of the time.
 */
const PRESSURE_SHARES: Readonly<Record<Resource, number>> = {
  cpu: 0.9,
  memory: 0.95,
  network: 0.9,
  storage: 0.9,
};

export interface PressureSeen {
  /** Mean rate or level, base units; NaN where no sample came. */
  readonly usage: number;
  readonly allocation: number;
  /** What it was kept from using, where the source measures it: steal, run-queue delay, throttling, refused memory. */
  readonly unmet?: number;
  /** The source saw that it was held back by more than it measured. */
  readonly flagged: boolean;
}

/** Needs no forecast. Of a VM without a sample nothing is known, so it is not pressed unless the source says so. */
export function isPressed(resource: Resource, { usage, allocation, unmet = 0, flagged }: PressureSeen): boolean {
  return flagged || unmet > 0 || (usage > 0 && usage >= PRESSURE_SHARES[resource] * allocation);
}
