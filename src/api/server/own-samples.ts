// Samples without those of some VMs: strangers, or somebody else's.
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";

export function withoutVms(columns: SampleColumns, left: ReadonlySet<VmId>): SampleColumns {
  if (left.size === 0) return columns;
  const { vms, vm, at, usage } = columns;
  const isLeft = vms.map((id) => left.has(id));
  const kept = [...vm.keys()].filter((row) => !isLeft[vm[row] as number]);
  return {
    vms,
    vm: Uint32Array.from(kept, (row) => vm[row] as number),
    at: Float64Array.from(kept, (row) => at[row] as number),
    usage: Float32Array.from({ length: kept.length * RESOURCE_COUNT }, (_, index) => {
      const row = kept[Math.floor(index / RESOURCE_COUNT)] as number;
      return usage[row * RESOURCE_COUNT + (index % RESOURCE_COUNT)] as number;
    }),
  };
}
