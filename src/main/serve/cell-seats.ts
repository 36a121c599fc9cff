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
  /** Samples that were kept: a cell that is taken up may not have seen the newest, and not what was before it. Not looked at where left out. */
  readonly samples?: SampleStore;
  readonly machines?: Pick<CellDoors, "telemetry" | "actuator">;
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
  const history = samples && watchDesks({ clock, samples, desks });
  let network = await findNetwork?.();
  return {
    desks,
    async open(plan, onNews) {
      const { id } = plan.cell;
      const begun = await openDesk({ ...rest, plan, onNews, doors: { clock, store }, ...(network && { network }) });
      if (!begun.ok) return begun;
      const desk: NearDesk = {
        ...begun.value,
        async stop() {
          if (desks.get(id) === desk) desks.delete(id);
          intakes.delete(id);
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

/** Each learns what the store knows from before it began. */
function watchDesks(given: {
  readonly clock: Clock;
  readonly samples: SampleStore;
  readonly desks: ReadonlyMap<CellId, NearDesk>;
}): HistoryWatch {
  const { clock, samples, desks } = given;
  return watchHistory({
    clock,
    samples,
    cells: () =>
      new Map(
        [...desks].map(([id, { runner }]) => [
          id,
          { running: runner.running, warm: (vms) => runner.warm(vms, samples) },
        ]),
      ),
    onWarmed: (id, warmed) => desks.get(id)?.warmed(warmed),
    onFailure(id, failure) {
      for (const [each, desk] of desks) if (id === undefined || id === each) desk.failed(failure);
    },
  });
}
