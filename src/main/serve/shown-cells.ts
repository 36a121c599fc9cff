// The cells of a running fleet as its views ask them.
import type { ShownCell } from "../../api/views/fleet-views.ts";
import type { RunningFleet } from "./run-fleet.ts";

export function shownCells(fleet: Pick<RunningFleet, "cells">): readonly ShownCell[] {
  return [...fleet.cells().values()].map(({ plan, desk, status }) => ({
    cell: plan.cell,
    status,
    ask: (question) => desk.ask(question),
  }));
}
