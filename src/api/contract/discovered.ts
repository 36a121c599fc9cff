// VMs and hosts that samples and metrics tell of and that nobody declared: what is known of them, and a way to declare them all at once.
import { type Static, Type } from "typebox";
import { WORKLOAD_CLASSES } from "../../model/fleet.ts";
import { ADDRESSES } from "./addresses.ts";
import { OPERATOR, type Route } from "./route.ts";
import { byResource, Id, Instant, nullable, ResourceAmounts, strict } from "./scalars.ts";

export const ADOPTED_MAX = 10_000;
const LISTED_MAX = 10_000;

const count = (description: string) => Type.Integer({ minimum: 0, description });

const DiscoveredVm = strict({
  vm: Id,
  rows: count("Rows of samples that were left out."),
  firstSeen: Instant,
  lastSeen: Instant,
  largest: byResource(nullable(Type.Number(), "The most that it was seen to use; null: not measured.")),
  host: nullable(Id, "The host that an exporter on it names; null: nobody says."),
  toldBy: Type.Array(strict({ source: Type.String(), job: Type.String(), instance: Type.String() }), {
    description: "Which set of rules and which target told of it: the first ten.",
  }),
  customer: nullable(Id, "Whose key its samples came with; null: an operator's."),
});

const DiscoveredHost = strict({ host: Id, vms: count("Discovered VMs on it."), isDeclared: Type.Boolean() });

export const Discovered = strict({
  vms: Type.Array(DiscoveredVm, { description: `By id, the first ${LISTED_MAX}.` }),
  hosts: Type.Array(DiscoveredHost),
  vmCount: count("All of them; 100,000 are followed at most."),
});
export type Discovered = Static<typeof Discovered>;

const Adoption = strict({
  vms: Type.Optional(Type.Array(Id, { maxItems: ADOPTED_MAX, uniqueItems: true, description: "All where left out." })),
  customer: { ...Id, description: "Whose they are. Made where there is none of this id." },
  workload: Type.Optional({ ...Id, description: "`CUSTOMER-adopted` where left out. Made where there is none." }),
  class: Type.Optional(
    Type.Enum([...WORKLOAD_CLASSES], { description: "Of a workload that is made; web where left out." }),
  ),
  host: Type.Optional({ ...Id, description: "The host of all of them. Where left out: the one that metrics name." }),
  pool: Type.Optional({
    ...Id,
    description: "Of hosts that are made; `shared` where left out. Made where there is none.",
  }),
  cell: Type.Optional({
    ...Id,
    description: "Of hosts that are made; `cell-1` where left out. Made where there is none.",
  }),
  capacity: Type.Optional({ ...ResourceAmounts, description: "Of each host that is made." }),
  base: Type.Optional({ ...ResourceAmounts, description: "What each VM always has; nothing where left out." }),
  ceiling: Type.Optional({
    ...ResourceAmounts,
    description: "The most that each may get; its host's capacity where left out.",
  }),
});
export type Adoption = Static<typeof Adoption>;

const Adopted = strict({
  vms: count("VMs that were declared."),
  created: Type.Array(strict({ kind: Type.String(), id: Id }), { description: "What was made beside them." }),
});

const EXAMPLE_AT = "2026-11-24T08:00:00.000Z";

export const discoveredRoutes = {
  listDiscovered: {
    ...ADDRESSES.listDiscovered,
    tag: "samples",
    scope: "read",
    tenant: OPERATOR,
    summary: "List VMs and hosts that are seen and not declared",
    description: "Since the service was started; by samples, by remote_write, and by OTLP.",
    response: Discovered,
    example: {
      response: {
        vms: [
          {
            ...{ vm: "web-7", rows: 120, firstSeen: EXAMPLE_AT, lastSeen: EXAMPLE_AT, host: "hv-1", customer: null },
            largest: { cpu: 1.5, memory: 2_147_483_648, network: null, storage: null },
            toldBy: [{ source: "libvirt", job: "libvirt", instance: "hv-1:9177" }],
          },
        ],
        hosts: [{ host: "hv-1", vms: 1, isDeclared: false }],
        vmCount: 1,
      },
    },
  },
  adoptDiscovered: {
    ...ADDRESSES.adoptDiscovered,
    tag: "samples",
    scope: "write",
    tenant: OPERATOR,
    summary: "Declare discovered VMs",
    description:
      "What they need and is not there is made too, in observe mode. Nothing is shaped before the customer opts in.",
    body: Adoption,
    bodyBytesMax: 2 ** 21,
    response: Adopted,
    example: {
      body: {
        ...{ vms: ["web-7"], customer: "meridian" },
        capacity: { cpu: 64, memory: 549_755_813_888, network: 2_500_000_000, storage: 3_000_000_000 },
      },
      response: { vms: 1, created: [{ kind: "host", id: "hv-1" }] },
    },
  },
} as const satisfies Record<string, Route>;
