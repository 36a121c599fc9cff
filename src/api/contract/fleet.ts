// Customers, workloads, VMs, hosts, pools and cells: small documents with a version, set by operators.
import { Type } from "typebox";
import { WORKLOAD_CLASSES } from "../../model/fleet.ts";
import { ADDRESSES } from "./addresses.ts";
import { documentRows } from "./document-rows.ts";
import { OPERATOR, owned, type Route } from "./route.ts";
import { Id, KEPT, ResourceAmounts, strict } from "./scalars.ts";

const Name = Type.String({ minLength: 1, maxLength: 120, description: "For people." });

export const CustomerBody = strict({
  name: Name,
  timeZone: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: "IANA, in which months begin: Europe/Berlin. UTC where left out.",
    }),
  ),
});
export const WorkloadBody = strict({
  customer: { ...Id, description: "Whose workload it is." },
  class: Type.Enum([...WORKLOAD_CLASSES], { description: "What kind of work it does." }),
});
export const VmBody = strict({
  workload: Id,
  host: Id,
  base: { ...ResourceAmounts, description: "What the VM always has by contract." },
  ceiling: { ...ResourceAmounts, description: "The most it may ever get; nowhere below the base. 1e30: no limit." },
});
export const PoolBody = Type.Union([
  strict({ kind: Type.Literal("shared") }),
  strict({ kind: Type.Literal("dedicated"), customer: { ...Id, description: "Whose hosts these are." } }),
]);
export const HostBody = strict({
  cell: { ...Id, description: "Which cell plans it." },
  pool: Id,
  capacity: { ...ResourceAmounts, description: "What base, leases and buffer may add up to." },
});
export const CellBody = strict({
  serviceLevel: Type.Number({
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    description: "Share of time that demand is to be covered, such as 0.99.",
  }),
  stepSeconds: Type.Integer({ minimum: 15, maximum: 3600, description: "Length of a tick in seconds." }),
  mode: Type.Enum(["observe", "act"], { description: "observe: decides and explains, but changes nothing." }),
  acting: Type.Array(Id, { maxItems: 10_000, uniqueItems: true, description: "Customers who are acted for." }),
  killSwitch: Type.Boolean({ description: "On: no machine is touched, everything stays as it is." }),
});

export const Customer = strict({ ...KEPT, ...CustomerBody.properties });
export const Workload = strict({ ...KEPT, ...WorkloadBody.properties });
export const Vm = strict({ ...KEPT, ...VmBody.properties });
export const Pool = strict({
  ...KEPT,
  kind: Type.Enum(["shared", "dedicated"]),
  customer: Type.Optional({ ...Id, description: "Of a dedicated pool." }),
});
export const Host = strict({ ...KEPT, ...HostBody.properties });
export const Cell = strict({ ...KEPT, ...CellBody.properties });

const EXAMPLE_SIZE = { cpu: 4, memory: 17_179_869_184, network: 125_000_000, storage: 100_000_000 };
const EXAMPLES = {
  customer: { name: "Meridian Cards" },
  workload: { customer: "meridian", class: "web" },
  vm: {
    workload: "meridian-web",
    host: "host-1",
    base: { cpu: 1, memory: 4_294_967_296, network: 10_000_000, storage: 10_000_000 },
    ceiling: EXAMPLE_SIZE,
  },
  pool: { kind: "shared" },
  host: {
    cell: "cell-1",
    pool: "shared",
    capacity: { cpu: 40, memory: 206_158_430_208, network: 1_250_000_000, storage: 1_500_000_000 },
  },
  cell: { serviceLevel: 0.99, stepSeconds: 300, mode: "observe", acting: [], killSwitch: false },
};
const customers = documentRows({
  tag: "fleet",
  noun: "customer",
  removable: "a customer that owns nothing any more",
  body: CustomerBody,
  kept: Customer,
  readers: owned("customer"),
  example: { id: "meridian", body: EXAMPLES.customer },
});
const workloads = documentRows({
  tag: "fleet",
  noun: "workload",
  removable: "a workload without VMs",
  description: "A workload stays with its customer: it is not moved to another one.",
  body: WorkloadBody,
  kept: Workload,
  readers: owned("workload"),
  example: { id: "meridian-web", body: EXAMPLES.workload },
});
const vms = documentRows({
  tag: "fleet",
  noun: "VM",
  removable: "a VM",
  body: VmBody,
  kept: Vm,
  readers: owned("vm"),
  example: { id: "meridian-web-1", body: EXAMPLES.vm },
});
const hosts = documentRows({
  tag: "fleet",
  noun: "host",
  removable: "a host without VMs",
  body: HostBody,
  kept: Host,
  readers: OPERATOR,
  example: { id: "host-1", body: EXAMPLES.host },
});
const pools = documentRows({
  tag: "fleet",
  noun: "pool",
  removable: "a pool without hosts",
  body: PoolBody,
  kept: Pool,
  readers: OPERATOR,
  example: { id: "shared", body: EXAMPLES.pool },
});
const cells = documentRows({
  tag: "fleet",
  noun: "cell",
  removable: "a cell without hosts",
  description: "Settings take effect at the next tick; the kill switch at once.",
  body: CellBody,
  kept: Cell,
  readers: OPERATOR,
  example: { id: "cell-1", body: EXAMPLES.cell },
});

export const fleetRoutes = {
  listCustomers: { ...ADDRESSES.listCustomers, ...customers.list },
  getCustomer: { ...ADDRESSES.getCustomer, ...customers.get },
  putCustomer: { ...ADDRESSES.putCustomer, ...customers.put },
  deleteCustomer: { ...ADDRESSES.deleteCustomer, ...customers.remove },
  listWorkloads: { ...ADDRESSES.listWorkloads, ...workloads.list },
  getWorkload: { ...ADDRESSES.getWorkload, ...workloads.get },
  putWorkload: { ...ADDRESSES.putWorkload, ...workloads.put },
  deleteWorkload: { ...ADDRESSES.deleteWorkload, ...workloads.remove },
  listVms: { ...ADDRESSES.listVms, ...vms.list },
  getVm: { ...ADDRESSES.getVm, ...vms.get },
  putVm: { ...ADDRESSES.putVm, ...vms.put },
  deleteVm: { ...ADDRESSES.deleteVm, ...vms.remove },
  listHosts: { ...ADDRESSES.listHosts, ...hosts.list },
  getHost: { ...ADDRESSES.getHost, ...hosts.get },
  putHost: { ...ADDRESSES.putHost, ...hosts.put },
  deleteHost: { ...ADDRESSES.deleteHost, ...hosts.remove },
  listPools: { ...ADDRESSES.listPools, ...pools.list },
  getPool: { ...ADDRESSES.getPool, ...pools.get },
  putPool: { ...ADDRESSES.putPool, ...pools.put },
  deletePool: { ...ADDRESSES.deletePool, ...pools.remove },
  listCells: { ...ADDRESSES.listCells, ...cells.list },
  getCell: { ...ADDRESSES.getCell, ...cells.get },
  putCell: { ...ADDRESSES.putCell, ...cells.put },
  deleteCell: { ...ADDRESSES.deleteCell, ...cells.remove },
} as const satisfies Record<string, Route>;
