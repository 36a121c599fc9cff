// A usage record as a CloudEvent 1.0 in structured JSON: the same id for the same record, so that a receiver that is told twice counts
// it once. Source: CloudEvents 1.0.2, JSON event format and batch.
import { RESOURCES } from "./resources.ts";
import { iso } from "./time.ts";
import { amountOf, isShaped, USAGE_METERS, type UsageRecord, usageKey } from "./usage-record.ts";

const USAGE_EVENT_TYPE = "headroom.usage.v1";
export const CLOUD_EVENTS_BATCH = "application/cloudevents-batch+json";

export interface UsageEvent {
  readonly specversion: "1.0";
  /** Of the record: unique within `source`. */
  readonly id: string;
  readonly source: string;
  readonly type: typeof USAGE_EVENT_TYPE;
  /** When the piece ended, RFC 3339. */
  readonly time: string;
  readonly subject: string;
  readonly datacontenttype: "application/json";
  readonly data: unknown;
}

/** `source`: a URI reference of this Headroom. */
export function usageEvent(record: UsageRecord, source: string): UsageEvent {
  const { cell, customer, subject, from, to, plan, serviceLevel, correction } = record;
  const amounts = USAGE_METERS.map((meter) => [
    meter,
    Object.fromEntries(RESOURCES.map((resource) => [resource, amountOf(record, meter, resource)])),
  ]);
  return {
    ...{ specversion: "1.0", id: usageKey(record), source, type: USAGE_EVENT_TYPE, time: iso(to), subject: customer },
    datacontenttype: "application/json",
    data: {
      ...{ cell, customer, of: subject, from: iso(from), to: iso(to), plan, serviceLevel },
      shaped: RESOURCES.filter((resource) => isShaped(record, resource)),
      amounts: Object.fromEntries(amounts),
      ...(correction && { correction }),
    },
  };
}
