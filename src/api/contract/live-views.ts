// What is asked of the running cells, as of their last tick: whoever runs them implements it, the server only asks. A cell may run
// elsewhere, so that every answer takes a while and can fail: "unavailable" or "timeout" while a cell does not answer.
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId, VmId } from "../../model/fleet.ts";
import type { Result } from "../../model/result.ts";
import type { CustomerAllocation, CustomerForecast, VmAllocation, VmForecast } from "./monitoring.ts";
import type { CellStatus } from "./operator.ts";
import type { EventEffects } from "./sources.ts";

export interface LiveViews {
  /** undefined for a VM that no cell runs (yet), and before its first tick. */
  vmAllocation(vm: VmId): Promise<Result<VmAllocation | undefined>>;
  vmForecast(vm: VmId): Promise<Result<VmForecast | undefined>>;
  /** undefined for a customer without VMs in any cell. */
  customerAllocation(customer: CustomerId): Promise<Result<CustomerAllocation | undefined>>;
  customerForecast(customer: CustomerId): Promise<Result<CustomerForecast | undefined>>;
  eventEffects(event: ExternalEvent): Promise<Result<EventEffects>>;
  /** As they last said: nobody has to be asked. */
  status(): readonly CellStatus[];
}
