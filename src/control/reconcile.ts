// The world over memory: what machines really have is where the next decision starts from. A set-point that failed, came
// half through or was undone costs one tick, never correctness, since the next step states it again. What lies outside all that
// our own set-points could have led to was set by somebody's hand: it is respected for a while.
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import { HOUR_MS, type Instant } from "../model/time.ts";
import type { CellState } from "./cell-state.ts";
import { CONSENT } from "./service-terms.ts";
import type { InForce, TickInput } from "./tick-input.ts";

/** What is known of set-points under way and of hands, as columns. */
export interface Hands {
  /** [series] the least and the most that set-points of ours, done or not, can have led to; base units. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [series] the same before the last step. */
  readonly lowBefore: Float64Array;
  readonly highBefore: Float64Array;
  /** [series] ticks since the last set-point that it was not seen to follow. */
  readonly unsettled: Uint8Array;
  /** [series] until when what somebody set by hand stays, milliseconds since 1970; 0 where nobody did. */
  readonly until: Float64Array;
  /** [series] what a hand was found to have set at this tick; NaN where none was. */
  readonly found: Float64Array;
  /** [series] what was in force by our last decision, before the world was looked at. */
  readonly expected: Float64Array;
}

/** How long a change by hand is respected, unless a command hands it back before. */
export const HANDS_OFF_MS = 4 * HOUR_MS;

/** Sizes are rounded on their way: bytes to pages, cores to a share of a period. */
export const SIZE_TOLERANCE = 0.005;

/** At the start anything may be found: nothing was asked for yet. */
export function createHands(seriesCount: number): Hands {
  return {
    low: new Float64Array(seriesCount),
    high: new Float64Array(seriesCount).fill(Number.POSITIVE_INFINITY),
    lowBefore: new Float64Array(seriesCount),
    highBefore: new Float64Array(seriesCount).fill(Number.POSITIVE_INFINITY),
    unsettled: new Uint8Array(seriesCount),
    until: new Float64Array(seriesCount),
    found: new Float64Array(seriesCount).fill(Number.NaN),
    expected: new Float64Array(seriesCount),
  };
}

/** Amounts that nobody knows stay as remembered. */
export function adopt(state: CellState, { allocations, buffers }: InForce, now: Instant): void {
  state.hands.expected.set(state.allocations);
  for (let series = 0; series < allocations.length; series++) {
    const found = allocations[series] as number;
    state.hands.found[series] = Number.NaN;
    if (Number.isNaN(found)) continue;
    tellHands(state, { series, found, now });
    state.allocations[series] = found;
  }
  for (let place = 0; place < buffers.length; place++) {
    const found = buffers[place] as number;
    if (!Number.isNaN(found)) state.buffers[place] = found;
  }
  state.hands.lowBefore.set(state.hands.low);
  state.hands.highBefore.set(state.hands.high);
}

/**
 * What is on the last bit of its way up will get there: that bit is nobody else's from now on. Only the size on the way is what was in
 * force up to now.
 */
export function countOnGrowth({ hands: { low, high }, allocations }: CellState, seen: InForce): void {
  for (const [series, found] of seen.allocations.entries()) {
    const isSettled = !Number.isNaN(found) && low[series] === high[series];
    if (isSettled) allocations[series] = high[series] as number;
  }
}

/** What shadow VMs hold that serve a customer, or did, is nobody's buffer. */
export function withoutServing(
  { layout, pool }: CellState,
  { shadowVms }: Pick<TickInput, "shadowVms">,
  { allocations, buffers }: InForce,
): InForce {
  const serving = shadowVms.filter(({ id }) => pool.lives.get(id)?.served === true);
  if (serving.length === 0) return { allocations, buffers };
  const left = buffers.slice();
  for (const { host, allocation, minimum } of serving)
    for (const [offset, resource] of RESOURCES.entries()) {
      const place = layout.hostIds.indexOf(host) * RESOURCE_COUNT + offset;
      left[place] = Math.max((left[place] as number) - Math.max(allocation[resource] - minimum[resource], 0), 0);
    }
  return { allocations, buffers: left };
}

/** Where set-points cannot fail, what was asked for is what is. */
export function believe({ hands, allocations }: CellState): void {
  for (const column of [hands.low, hands.high, hands.lowBefore, hands.highBefore]) column.set(allocations);
}

function tellHands(
  { hands, allocations, terms }: CellState,
  { series, found, now }: { readonly series: number; readonly found: number; readonly now: Instant },
): void {
  const { low, high, unsettled, until } = hands;
  const told = allocations[series] as number;
  // What is seen first is what there is: nothing was asked for before.
  const isFirst = high[series] === Number.POSITIVE_INFINITY;
  if (isFirst || isAbout(found, told)) {
    const reached = isFirst ? found : Math.max(found, told);
    low[series] = reached;
    high[series] = reached;
    unsettled[series] = 0;
  } else if (isWithin(found, low[series] as number, high[series] as number)) {
    if ((unsettled[series] as number) < 255) unsettled[series] = (unsettled[series] as number) + 1;
  } else {
    low[series] = found;
    high[series] = found;
    unsettled[series] = 0;
    if (terms.consent[series] === CONSENT.left) return;
    until[series] = now + HANDS_OFF_MS;
    hands.found[series] = found;
  }
}

/** After a step: from now on machines may be anywhere between what was in force and what is asked for. */
export function expectSetPoints({ hands, allocations, allocationsBefore }: CellState): void {
  const { low, high } = hands;
  for (let series = 0; series < allocations.length; series++) {
    const [from, to] = [allocationsBefore[series] as number, allocations[series] as number];
    if (from === to) continue;
    low[series] = Math.min(low[series] as number, from, to);
    high[series] = Math.max(high[series] as number, from, to);
  }
}

function isAbout(found: number, expected: number): boolean {
  return Math.abs(found - expected) <= SIZE_TOLERANCE * Math.max(found, expected);
}

export function isWithin(found: number, low: number, high: number): boolean {
  return found >= low * (1 - SIZE_TOLERANCE) && found <= high * (1 + SIZE_TOLERANCE);
}
