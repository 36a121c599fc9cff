// What VMs were seen to use, in batches: durable when the answer comes. Sending a batch again does no harm.
import { Type } from "typebox";
import { ADDRESSES } from "./addresses.ts";
import { PACKED_FORM } from "./packed-samples.ts";
import { CONFINED, type Route } from "./route.ts";
import { Id, strict } from "./scalars.ts";

export const ROWS_MAX = 100_000;
export const BATCH_VMS_MAX = 50_000;
export const UNKNOWN_MAX = 100;

/** Told as JSON Schema; read by a loop that is faster than any schema (read-samples.ts). */
const Row = Type.Unsafe<readonly (number | string | null)[]>({
  type: "array",
  prefixItems: [
    { type: "integer", minimum: 0, description: "Index into `vms`." },
    {
      anyOf: [{ type: "string", format: "date-time" }, { type: "integer" }],
      description: "End of what was measured: ISO 8601, or milliseconds since 1970.",
    },
    { type: ["number", "null"], minimum: 0, description: "CPU, cores; null: not measured." },
    { type: ["number", "null"], minimum: 0, description: "Memory, bytes." },
    { type: ["number", "null"], minimum: 0, description: "Network, bytes/s received and sent." },
    { type: ["number", "null"], minimum: 0, description: "Storage, bytes/s read and written." },
  ],
  minItems: 6,
  maxItems: 6,
});

const SampleBatch = strict({
  vms: Type.Array(Id, { maxItems: BATCH_VMS_MAX, description: "The VMs that rows speak of, by index." }),
  rows: Type.Array(Row, {
    maxItems: ROWS_MAX,
    description: "[vm, at, cpu, memory, network, storage]: means over one tick or less that ended at `at`.",
  }),
});

const SamplesTaken = strict({
  accepted: Type.Integer({ minimum: 0, description: "Rows that are kept now." }),
  unknown: Type.Array(Type.String(), {
    maxItems: UNKNOWN_MAX,
    description: `VMs that nobody knows, the first ${UNKNOWN_MAX}: their rows were left out.`,
  }),
  unknownRows: Type.Integer({ minimum: 0, description: "Rows that were left out." }),
  discovered: Type.Integer({ minimum: 0, description: "VMs that were added to the fleet." }),
});

export const sampleRoutes = {
  postSamples: {
    ...ADDRESSES.postSamples,
    tag: "samples",
    scope: "ingest",
    tenant: CONFINED,
    summary: "Hand in what VMs were seen to use",
    description:
      "Kept durably when the answer comes; of two samples of one VM and instant the later received stands, so a batch may be sent again. 429 with Retry-After: more came than can be kept, send this batch again later.",
    query: strict({
      discover: Type.Optional(
        Type.Boolean({ description: "Add unknown VMs to the fleet (operators only; needs `host` and `workload`)." }),
      ),
      host: Type.Optional({ ...Id, description: "Host of the VMs that are discovered." }),
      workload: Type.Optional({ ...Id, description: "Workload of the VMs that are discovered." }),
    }),
    body: SampleBatch,
    bodyBytesMax: 16 * 2 ** 20,
    packedBody: PACKED_FORM,
    response: SamplesTaken,
    example: {
      body: {
        vms: ["meridian-web-1"],
        rows: [[0, "2026-03-02T08:05:00Z", 1.7, 3_400_000_000, 1_250_000, null]],
      },
      response: { accepted: 1, unknown: [], unknownRows: 0, discovered: 0 },
    },
  },
} as const satisfies Record<string, Route>;
