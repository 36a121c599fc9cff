// Where cells run. `seatsHere`: all in this thread, each at a desk of its own.
import type { FleetView } from "../../api/contract/live.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import type { Clock } from "../../control/ports.ts";
import type { CellStore, SampleColumns } from "../../control/store-ports.ts";
import type { CellId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";
import { type CellDesk, type CellNews, type NearDesk, openDesk } from "./cell-desk.ts";
import type { Joining, NamedInference } from "./cell-form.ts";
import type { CellDoors, CellOptions } from "./run-cell.ts";

export interface CellSeats {
  /** Takes the cell up; fails where that cannot be done, and nothing was decided then. A desk is left by its `stop`. */
  open(plan: CellPlan, onNews: (news: CellNews) => void): Promise<Result<CellDesk>>;
  /** Hands samples to all cells: each takes its own. */
  take(columns: SampleColumns): void;
  /** The network that serves by now joins the forecasts of all cells, or none any more. */
  serveNewest(): Promise<void>;
  /** When all desks were left. */
  close(): Promise<void>;
}

export interface SeatOptions extends Pick<CellOptions, "shadowVm" | "checkpointMs" | "process"> {
  readonly clock: Clock;
  readonly store: CellStore;
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

export async function seatsHere({ clock, store, network: findNetwork, ...rest }: SeatOptions): Promise<NearSeats> {
  const desks = new Map<CellId, NearDesk>();
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
          await begun.value.stop();
        },
      };
      desks.set(id, desk);
      return success(desk);
    },
    take(columns) {
      for (const desk of desks.values()) desk.take(columns);
    },
    async serveNewest() {
      const before = network;
      network = await findNetwork?.();
      for (const desk of [...desks.values()]) await desk.serveWith(network);
      await before?.native?.close();
    },
    async close() {
      await network?.native?.close();
    },
  };
}
