// What a past event did: by phase, the log of demand that was seen over demand that was due without it.
import type { ExternalEvent } from "../model/event.ts";
import { assert } from "../model/result.ts";
import type { TimeGrid } from "../model/time.ts";
import { fadingAt, PHASE_COUNT, phaseAt, ticksTouched } from "./event-phases.ts";

export interface PastEvent {
  readonly event: ExternalEvent;
  readonly grid: TimeGrid;
  /** [grid.length], base units; NaN where unknown. */
  readonly observed: Float64Array;
  /** [grid.length], what was due without this event, all other events included; NaN where unknown. */
  readonly expected: Float64Array;
}

/** No ratio is followed beyond a hundredfold: farther out it says that something broke, not what events do. */
const LOG_RATIO_MAX = Math.log(100);
/** Added to both sides of a ratio, as a share of the mean that was due: demand of zero has no logarithm. */
const FLOOR_SHARE = 0.01;
/** Less than this left of fading news says nothing of how large it was. */
const FADING_MIN = 0.1;

interface PhaseSums {
  ticks: number;
  known: number;
  observed: number;
  expected: number;
  fading: number;
}

/**
 * [PHASE_COUNT] log ratio of volumes; for news, what it would be had it not begun to fade. NaN for a phase of which less than
 * half is known, or with nothing due. A tick belongs to the phase that its middle lies in.
 */
export function measureEvent({ event, grid, observed, expected }: PastEvent): Float64Array {
  const sized = observed.length === grid.length && expected.length === grid.length;
  assert(sized, `one value a tick: ${observed.length} and ${expected.length} for ${grid.length}`);
  const phases = Array.from({ length: PHASE_COUNT }, (): PhaseSums => {
    return { ticks: 0, known: 0, observed: 0, expected: 0, fading: 0 };
  });
  const { from, to } = ticksTouched(event, grid);
  for (let tick = from; tick < to; tick++) {
    const middle = grid.startMs + (tick + 0.5) * grid.stepMs;
    const sums = phases[phaseAt(event, middle)];
    if (sums === undefined) continue;
    sums.ticks++;
    const [seen, due] = [observed[tick] ?? Number.NaN, expected[tick] ?? Number.NaN];
    if (Number.isNaN(seen + due)) continue;
    sums.known++;
    sums.observed += seen;
    sums.expected += due;
    sums.fading += fadingAt(event, middle);
  }
  const known = phases.reduce((sum, each) => sum + each.known, 0);
  const due = phases.reduce((sum, each) => sum + each.expected, 0);
  return Float64Array.from(phases, (sums) => logRatio(sums, (FLOOR_SHARE * due) / known));
}

function logRatio({ ticks, known, observed, expected, fading }: PhaseSums, floor: number): number {
  const isKnown = known > 0 && known >= ticks / 2 && floor > 0 && fading >= FADING_MIN * known;
  if (!isKnown) return Number.NaN;
  const ratio = Math.log((observed + known * floor) / (expected + known * floor)) / (fading / known);
  return Math.min(Math.max(ratio, -LOG_RATIO_MAX), LOG_RATIO_MAX);
}
