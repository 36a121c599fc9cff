// Series on one grid, with the same ticks known and the same events, have one design: it is built once for all of them.
import type { ExternalEvent } from "../../model/event.ts";
import type { TimeGrid } from "../../model/time.ts";
import type { ProphetDesign } from "./build-design.ts";
import { nameOf } from "./event-terms.ts";
import type { View } from "./fit-prophet.ts";
import type { EventTerm, Moments } from "./terms.ts";

/** What series share. */
export interface SharedPart {
  readonly design: ProphetDesign;
  /** Every tick of the history as the design sees it. */
  readonly history: View;
  /** [history] how much of each tick each event term covers. */
  readonly covers: readonly { readonly term: EventTerm; readonly shares: Float64Array }[];
}

export type SharedDesigns = (
  asked: { grid: TimeGrid; events: readonly ExternalEvent[]; moments: Moments },
  build: () => SharedPart,
) => SharedPart;

/** More than this many kinds of gaps at a time are rare, and each costs some MB. */
const KEPT_MAX = 8;

export function sharedDesigns(): SharedDesigns {
  const kept = new Map<string, SharedPart>();
  return ({ grid, events, moments }, build) => {
    const { startMs, stepMs, length } = grid;
    const eventKeys = events.map((event) => [nameOf(event), event.start, event.end, event.confidence].join("@"));
    const key = [startMs, stepMs, length, gapsOf(moments), ...eventKeys].join("|");
    const known = kept.get(key);
    if (known !== undefined) return known;
    const [oldest] = kept.keys();
    if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    const part = build();
    kept.set(key, part);
    return part;
  };
}

/** The rows at both ends and on both sides of each gap tell all rows. */
function gapsOf({ instants, tickMs }: Moments): string {
  const edges: number[] = [];
  for (let row = 0; row < instants.length; row++) {
    const at = instants[row] as number;
    const alone = (other: number | undefined): boolean => other === undefined || Math.abs(other - at) > 1.5 * tickMs;
    if (alone(instants[row - 1]) || alone(instants[row + 1])) edges.push(at);
  }
  return edges.join();
}
