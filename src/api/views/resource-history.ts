// The last ticks of something, one number a tick and resource: oldest first, never longer than it may be.
import { RESOURCES, type Resource } from "../../model/resources.ts";

export type ByResource = Record<Resource, number[]>;
export type AmountsByResource = Readonly<Record<Resource, number>>;

export function emptyHistory(): ByResource {
  return { cpu: [], memory: [], network: [], storage: [] };
}

export function zeroAmounts(): Record<Resource, number> {
  return { cpu: 0, memory: 0, network: 0, storage: 0 };
}

/** Appends one tick and forgets what is older than `ticksMax`. */
export function remember(history: ByResource, amounts: AmountsByResource, ticksMax: number): void {
  for (const resource of RESOURCES) {
    history[resource].push(amounts[resource]);
    if (history[resource].length > ticksMax) history[resource].shift();
  }
}

export function sumOf(history: ByResource): Record<Resource, number> {
  const sums = zeroAmounts();
  for (const resource of RESOURCES) sums[resource] = history[resource].reduce((sum, amount) => sum + amount, 0);
  return sums;
}

/** Copies, so that a reader never sees a later tick move under it. */
export function copyHistory(history: ByResource): ByResource {
  return {
    cpu: [...history.cpu],
    memory: [...history.memory],
    network: [...history.network],
    storage: [...history.storage],
  };
}

/** part / whole for each resource; 0 where there is no whole. */
export function sharesOf(part: AmountsByResource, whole: AmountsByResource): Record<Resource, number> {
  const shares = zeroAmounts();
  for (const resource of RESOURCES) shares[resource] = whole[resource] === 0 ? 0 : part[resource] / whole[resource];
  return shares;
}
