// The path of one policy's frontier through a plot: its points, and between them the curve along which the score
// interpolates.
import type { FrontierPoint, PolicyScore } from "../../model/scorecard.ts";
import { efficientPoints } from "../frontier.ts";
import type { Scale } from "./scale.ts";
import type { Role } from "./verdict.ts";

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Plot {
  /** Of reserved/used, and of the share of intervals short. Both end at the plot's edges. */
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly height: number;
  /** Ends of the x axis. */
  readonly ratios: { readonly from: number; readonly to: number };
  /** Stands in for a share of 0, which a log axis cannot show: well below the axis. */
  readonly leastShare: number;
}

/** A policy as it is drawn. */
export interface Line {
  readonly policy: PolicyScore;
  readonly role: Role;
  /** Id of its mark. */
  readonly mark: string;
  readonly curve: readonly Place[];
  /** Where the curve is last seen; undefined when it never is. */
  readonly exit: Place | undefined;
}

const PIECES = 8;
const LEAST_RATIO = 1e-6;

export function placeOf(point: { reservedPerUsed: number; violations: number }, plot: Plot): Place {
  return {
    x: plot.x(Math.max(point.reservedPerUsed, LEAST_RATIO)),
    y: plot.y(Math.max(point.violations, plot.leastShare)),
  };
}

/**
 * Through the points that no other beats in both safety and cost, as `at` is read: linear in reserved/used over the log
 * of violations. That is bent on a log axis, so it comes in pieces.
 */
export function curveOf(frontier: readonly FrontierPoint[], plot: Plot): Place[] {
  const efficient = efficientPoints(frontier, "violations").toReversed();
  const places: Place[] = [];
  for (const [index, point] of efficient.entries()) {
    const next = efficient[index + 1];
    if (next === undefined) places.push(placeOf(point, plot));
    else
      for (let piece = 0; piece < PIECES; piece++)
        places.push(placeOf(between({ from: point, to: next, part: piece / PIECES, plot }), plot));
  }
  return places;
}

function between(given: { from: FrontierPoint; to: FrontierPoint; part: number; plot: Plot }) {
  const { from, to, part, plot } = given;
  const [start, end] = [Math.max(from.violations, plot.leastShare), Math.max(to.violations, plot.leastShare)];
  return {
    reservedPerUsed: from.reservedPerUsed + part * (to.reservedPerUsed - from.reservedPerUsed),
    violations: start * (end / start) ** part,
  };
}

export function isInside({ x, y }: Place, plot: Plot): boolean {
  return x >= -0.01 && x <= plot.width + 0.01 && y >= -0.01 && y <= plot.height + 0.01;
}

/** Where the curve is seen last before it leaves the plot (or ends in it), or undefined when it is never inside. */
export function exitOf(curve: readonly Place[], plot: Plot): Place | undefined {
  const last = curve.findLastIndex((place) => isInside(place, plot));
  const inside = curve[last];
  const outside = curve[last + 1];
  return inside === undefined || outside === undefined ? inside : edgeBetween({ inside, outside, plot });
}

export function entryOf(curve: readonly Place[], plot: Plot): Place | undefined {
  return exitOf(curve.toReversed(), plot);
}

function edgeBetween({ inside, outside, plot }: { inside: Place; outside: Place; plot: Plot }): Place {
  const part = Math.min(
    partUntil({ from: inside.x, to: outside.x, end: plot.width }),
    partUntil({ from: inside.y, to: outside.y, end: plot.height }),
  );
  return { x: inside.x + part * (outside.x - inside.x), y: inside.y + part * (outside.y - inside.y) };
}

/** The part of the way from `from` to `to` that lies within [0, end]. */
function partUntil({ from, to, end }: { from: number; to: number; end: number }): number {
  const edge = Math.min(Math.max(to, 0), end);
  return to === edge ? 1 : Math.min(1, Math.max(0, (edge - from) / (to - from)));
}
