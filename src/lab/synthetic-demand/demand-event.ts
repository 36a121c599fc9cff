// Something announced that changes a customer's demand between two instants.
import type { CustomerId, Id } from "../../model/fleet.ts";
import type { Instant } from "../../model/time.ts";
import { type Ingredient, overlapShare } from "./ingredient.ts";

export interface DemandEvent {
  readonly id: Id<"event">;
  readonly kind: "campaign" | "release";
  readonly name: string;
  readonly customer: CustomerId;
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  /** What the customer's traffic is multiplied by: 1.8 = 80 % more. */
  readonly uplift: number;
}

/** The factor that all `events` together put on traffic: 1 outside of them. */
export function eventUplift(events: readonly DemandEvent[]): Ingredient {
  return (span) => events.reduce((factor, event) => factor * (1 + (event.uplift - 1) * overlapShare(span, event)), 1);
}
