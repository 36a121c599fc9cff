// How old what is shown is: live, or stale after three ticks without news.
import type { FleetView } from "../../api/contract/live.ts";
import { SECOND_MS } from "../../model/time.ts";
import type { LiveState } from "./live-store.ts";

export type Freshness =
  | { readonly kind: "live" }
  | { readonly kind: "stale"; readonly silentMs: number; readonly connected: boolean };

const MISSED_TICKS = 3;
/** Simulated ticks may come faster than a page is drawn: shorter silences than this mean nothing. */
const SILENCE_MIN_MS = 3 * SECOND_MS;

export function freshnessOf({ fleet, connected, heardAt }: LiveState, now: number): Freshness {
  if (fleet.kind !== "ready" || heardAt === undefined) return { kind: "live" };
  const silentMs = now - heardAt;
  const allowed = Math.max(SILENCE_MIN_MS, MISSED_TICKS * tickOnTheWallMs(fleet.value));
  return silentMs <= allowed ? { kind: "live" } : { kind: "stale", silentMs, connected };
}

function tickOnTheWallMs({ tickSeconds, simulated }: FleetView): number {
  const speed = simulated.is && simulated.speed > 0 ? simulated.speed : 1;
  return (tickSeconds * SECOND_MS) / speed;
}
