// What the live page shows of the service: a recorder for each cell. The fleet's picture is that of the first cell that has ticked:
// a page shows one cell. A cell whose machines change begins a new picture.
import { isDeepStrictEqual } from "node:util";
import type { FleetView, Tick } from "../../api/contract/live.ts";
import type { LiveSource } from "../../api/server/live-source.ts";
import { createLiveRecorder, type LiveRecorder } from "../../api/views/live-recorder.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import type { TickReport } from "../../control/loop.ts";
import type { CellId } from "../../model/fleet.ts";
import { ASSUMED_PRICES } from "../../pricing/price-list.ts";

export interface FleetSource extends LiveSource {
  /** A cell runs by this plan from now on. */
  plan(plan: CellPlan): void;
  record(report: TickReport, tookMs: number): void;
  forget(cell: CellId): void;
}

interface Recorded {
  readonly plan: CellPlan;
  readonly recorder: LiveRecorder;
}

/** `simulated`: what the page says of where this comes from. */
export function createFleetSource(simulated: Simulated = LIVE): FleetSource {
  const recorded = new Map<CellId, Recorded>();
  const listeners = new Set<(tick: Tick) => void>();
  const shown = (): Recorded | undefined =>
    [...recorded.values()].find(({ recorder }) => recorder.fleet() !== undefined);
  return {
    plan(plan) {
      const before = recorded.get(plan.cell.id);
      if (before !== undefined && isDeepStrictEqual(pictureOf(before.plan), pictureOf(plan))) return;
      const recorder = recorderOf(plan, simulated);
      recorder.subscribe((tick) => {
        if (shown()?.recorder === recorder) for (const listener of listeners) listener(tick);
      });
      recorded.set(plan.cell.id, { plan, recorder });
    },
    record(report, tookMs) {
      const { cell } = report.cell.state.layout;
      recorded.get(cell)?.recorder.record(report, tookMs);
    },
    forget: (cell) => void recorded.delete(cell),
    fleet: () => shown()?.recorder.fleet(),
    customerChart(id) {
      for (const { recorder } of recorded.values()) {
        const chart = recorder.customerChart(id);
        if (chart !== undefined) return chart;
      }
      return undefined;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type Simulated = FleetView["simulated"];
const LIVE: Simulated = { is: false, speed: 1, seed: 0 };

function recorderOf({ cell, settings }: CellPlan, simulated: Simulated): LiveRecorder {
  const { mode, serviceLevel, stepMs } = settings;
  return createLiveRecorder({
    cell,
    stepMs,
    prices: ASSUMED_PRICES,
    about: { mode, serviceLevel, simulated },
  });
}

/** What a picture cannot go on without. */
function pictureOf({ cell, settings }: CellPlan): unknown {
  const { mode, serviceLevel, stepMs } = settings;
  return { cell, mode, serviceLevel, stepMs };
}
