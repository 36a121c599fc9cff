// Where cells run. `seatsHere`: all in this thread, each at a desk of its own.
import type { FleetView } from "../../api/contract/live.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import type { Clock } from "../../control/ports.ts";
import type { CellStore, SampleColumns, SampleStore } from "../../control/store-ports.ts";
import type { CellId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { type CellDesk, type CellNews, type NearDesk, openDesk } from "./cell-desk.ts";
import type { Joining, NamedInference } from "./cell-form.ts";
import { type HistoryWatch, watchHistory } from "./history/watch-history.ts";
import type { CellDoors, CellOptions } from "./run-cell.ts";
import { createIntake, type SampleIntake } from "./sample-intake.ts";

export interface CellSeats {
  /** Takes the cell up; fails where that cannot be done, and nothing was decided then. A desk is left by its `stop`. */
  open(plan: CellPlan, onNews: (news: CellNews) => void): Promise<Result<CellDesk>>;
  /** Hands samples to all cells: each takes its own. */
  take(columns: SampleColumns, receivedAt: Instant): void;
  /** The network that serves by now joins the forecasts of all cells, or none any more. */
  serveNewest(): Promise<void>;
  /** When all desks were left. */
  close(): Promise<void>;
}

export interface SeatOptions extends Pick<CellOptions, "shadowVm" | "checkpointMs" | "process" | "rest"> {
  readonly clock: Clock;
  readonly store: CellStore;
  /** Samples that were kept: the newest, which a cell that is taken up may not have seen, and history. Nothing is caught up where left out. */
  readonly samples?: Pick<SampleStore, "batchesAfter" | "read" | "fold">;
  readonly machines?: Partial<Pick<CellDoors, "telemetry" | "actuator">>;
  readonly simulated?: FleetView["simulated"];
  /** The network that serves now; asked again when another one may. None where left out. */
  readonly network?: () => Promise<NamedInference | undefined>;
  /** One that served when a cell was written down. */
  readonly networkById?: Joining["networkById"];
}

export interface NearSeats extends CellSeats {
  readonly desks: ReadonlyMap<CellId, NearDesk>;
}

export async function seatsHere({
  clock,
  store,
  samples,
  network: findNetwork,
  ...rest
}: SeatOptions): Promise<NearSeats> {
  const desks = new Map<CellId, NearDesk>();
  const intakes = new Map<CellId, SampleIntake>();
  const listeners = new Map<CellId, (news: CellNews) => void>();
  let network = await findNetwork?.();
  const history = samples && watchFleetHistory({ clock, samples, desks, listeners });
  return {
    desks,
    async open(plan, onNews) {
      const { id } = plan.cell;
      listeners.set(id, onNews);
      const begun = await openDesk({ ...rest, plan, onNews, doors: { clock, store }, ...(network && { network }) });
      if (!begun.ok) return begun;
      const desk: NearDesk = {
        ...begun.value,
        async stop() {
          if (desks.get(id) === desk) desks.delete(id);
          intakes.delete(id);
          listeners.delete(id);
          await begun.value.stop();
        },
      };
      desks.set(id, desk);
      const intake = createIntake((columns) => desk.take(columns));
      intakes.set(id, intake);
      const caught = samples && (await intake.catchUp(samples.batchesAfter(desk.runner.running().state.at)));
      if (caught?.ok === false) onNews({ kind: "failed", failure: caught.error });
      return success(desk);
    },
    take(columns, receivedAt) {
      history?.heard(columns);
      for (const intake of intakes.values()) intake.take(columns, receivedAt);
    },
    async serveNewest() {
      const before = network;
      network = await findNetwork?.();
      for (const desk of [...desks.values()]) await desk.serveWith(network);
      await before?.native?.close();
    },
    async close() {
      await history?.stop();
      await network?.native?.close();
    },
  };
}

interface Watched extends Required<Pick<SeatOptions, "clock" | "samples">> {
  readonly desks: ReadonlyMap<CellId, NearDesk>;
  readonly listeners: ReadonlyMap<CellId, (news: CellNews) => void>;
}

function watchFleetHistory({ clock, samples, desks, listeners }: Watched): HistoryWatch {
  return watchHistory({
    clock,
    samples,
    cells: () =>
      new Map(
        [...desks].map(([id, desk]) => [
          id,
          { running: desk.runner.running, warm: (vms) => desk.runner.warm(vms, samples) },
        ]),
      ),
    onWarmed(id, { vms, ticks }) {
      desks.get(id)?.seeAnew();
      listeners.get(id)?.({ kind: "notice", sentence: `Learned ${vms} VMs from ${ticks} ticks of history.` });
    },
    onFailure(id, failure) {
      for (const [cell, hear] of listeners) if (id === undefined || id === cell) hear({ kind: "failed", failure });
    },
  });
}
