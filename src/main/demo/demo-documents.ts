// The demo's fleet as documents: everything that an operator and the customers would have set.
import type { CellSettings, DocumentChange } from "../../control/store-ports.ts";
import type { Cell } from "../../model/fleet.ts";
import { RESOURCES } from "../../model/resources.ts";

/** All customers agreed to everything, and the cell acts. */
export function documentsOf(
  cell: Cell,
  { serviceLevel, stepMs }: Pick<CellSettings, "serviceLevel" | "stepMs">,
): readonly DocumentChange[] {
  const { id, customers, workloads, pools, hosts, vms } = cell;
  const acting = customers.map((customer) => customer.id);
  const settings: CellSettings = { cell: id, serviceLevel, stepMs, mode: "act", acting, killSwitch: false };
  return [
    { kind: "cell-settings", id, value: settings },
    ...customers.map((value) => ({ kind: "customer", id: value.id, value, customer: value.id }) as const),
    ...pools.map((value) => ({ kind: "pool", id: value.id, value }) as const),
    ...hosts.map((value) => ({ kind: "host", id: value.id, value: { ...value, cell: id } }) as const),
    ...workloads.map((value) => ({ kind: "workload", id: value.id, value, customer: value.customer }) as const),
    ...vms.map((value) => {
      const owner = workloads.find((workload) => workload.id === value.workload)?.customer;
      return { kind: "vm", id: value.id, value, ...(owner && { customer: owner }) } as const;
    }),
    ...customers.map(({ id: customer }) => {
      const value = { customer, plan: "predictive", optedIn: RESOURCES } as const;
      return { kind: "contract", id: customer, value, customer } as const;
    }),
  ];
}
