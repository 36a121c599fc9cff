// A notice for tests.
import type { CustomerId, WorkloadId } from "../../model/fleet.ts";
import { HAND_OVER_NOTICE_SCHEMA, type HandOverId, type HandOverNotice } from "../../model/hand-over.ts";
import { resourceVector } from "../../model/resources.ts";
import { instant } from "../../model/time.ts";

export function aNotice(id: string, kind: HandOverNotice["kind"] = "joins"): HandOverNotice {
  return {
    schema: HAND_OVER_NOTICE_SCHEMA,
    idempotencyKey: `${id}/${kind}`,
    kind,
    at: instant(1_700_000_000_000),
    handOver: id as HandOverId,
    customer: "acme" as CustomerId,
    workload: "shop" as WorkloadId,
    replica: { host: "10.0.0.7", port: 8080 },
    capacity: resourceVector({ cpu: 2, memory: 2 ** 30, network: 1e6, storage: 1e6 }),
  };
}
