// What can be asked of one running cell, as plain data: a question goes to wherever the cell runs, its answer comes back. Answered
// from the newest tick and from the cell as it stands; nothing here changes a cell.
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId, VmId } from "../../model/fleet.ts";
import { unreachable } from "../../model/result.ts";
import type { CustomerChart, FleetView } from "../contract/live.ts";
import type { CustomerAllocation, CustomerForecast, VmAllocation, VmForecast } from "../contract/monitoring.ts";
import type { EventEffects } from "../contract/sources.ts";
import type { LiveRecorder } from "./live-recorder.ts";
import type { RunningViews } from "./running-views.ts";

export type CellQuestion =
  | { readonly kind: "vm-allocation" | "vm-forecast"; readonly vm: VmId }
  | { readonly kind: "customer-allocation" | "customer-forecast" | "customer-chart"; readonly customer: CustomerId }
  | { readonly kind: "event-effects"; readonly event: ExternalEvent }
  | { readonly kind: "fleet" };

/** By the kind of the question; undefined: the cell knows nothing of it, or has not ticked yet. */
export interface CellAnswers {
  readonly "vm-allocation": VmAllocation | undefined;
  readonly "vm-forecast": VmForecast | undefined;
  readonly "customer-allocation": CustomerAllocation | undefined;
  readonly "customer-forecast": CustomerForecast | undefined;
  readonly "customer-chart": CustomerChart | undefined;
  readonly "event-effects": EventEffects | undefined;
  readonly fleet: FleetView | undefined;
}

export type CellAnswer<Kind extends CellQuestion["kind"] = CellQuestion["kind"]> = CellAnswers[Kind];

/** Who knows the answers of one cell. */
export interface CellWitness {
  readonly views: Omit<RunningViews, "record" | "knownForecast">;
  readonly recorder: Pick<LiveRecorder, "fleet" | "customerChart">;
}

export function answerOf(question: CellQuestion, { views, recorder }: CellWitness): CellAnswer {
  switch (question.kind) {
    case "vm-allocation":
      return views.vmAllocation(question.vm);
    case "vm-forecast":
      return views.vmForecast(question.vm);
    case "customer-allocation":
      return views.customerAllocation(question.customer);
    case "customer-forecast":
      return views.customerForecast(question.customer);
    case "customer-chart":
      return recorder.customerChart(question.customer);
    case "event-effects":
      return views.eventEffects(question.event);
    case "fleet":
      return recorder.fleet();
    default:
      return unreachable(question);
  }
}
