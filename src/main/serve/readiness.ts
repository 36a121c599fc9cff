// Whether the service can be relied on at this moment: its store answers, and no cell has missed its ticks.
import type { CellStatus } from "../../api/contract/operator.ts";
import type { Store } from "../../control/store-ports.ts";
import { type Instant, SECOND_MS } from "../../model/time.ts";
import type { RunningFleet } from "./run-fleet.ts";

/** A cell that has not ticked for so many of its steps is behind. */
const TICKS_MISSED = 3;

/** A sentence for each thing that is not as it should be. */
export async function missingIn(given: {
  readonly store: Pick<Store, "health">;
  readonly fleet: Pick<RunningFleet, "cells">;
  readonly now: Instant;
}): Promise<readonly string[]> {
  const { store, fleet, now } = given;
  const health = await store.health();
  const missing = health.ok ? [] : [health.error.message];
  for (const [id, { status, doing }] of fleet.cells()) {
    const behind = status === undefined ? 0 : ticksBehind(status, now);
    if (behind >= TICKS_MISSED) missing.push(`Cell ${id} missed ${behind} ticks; it is ${doing}.`);
  }
  return missing;
}

function ticksBehind({ at, stepSeconds }: CellStatus, now: Instant): number {
  return at === null ? 0 : Math.floor((now - Date.parse(at)) / (stepSeconds * SECOND_MS));
}
