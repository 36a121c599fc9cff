// What is asked of the running cells, as of their last tick: whoever runs them implements it, the server only asks.
import type { CustomerId, VmId } from "../../model/fleet.ts";
import type { CustomerAllocation, CustomerForecast, VmAllocation, VmForecast } from "../contract/monitoring.ts";
import type { CellStatus } from "../contract/operator.ts";

export interface LiveViews {
  /** undefined for a VM that no cell runs (yet), and before its first tick. */
  vmAllocation(vm: VmId): VmAllocation | undefined;
  vmForecast(vm: VmId): VmForecast | undefined;
  /** undefined for a customer without VMs in any cell. */
  customerAllocation(customer: CustomerId): CustomerAllocation | undefined;
  customerForecast(customer: CustomerId): CustomerForecast | undefined;
  status(): readonly CellStatus[];
}
