// What is taken back is taken gently: nothing from whom nobody sees; memory in steps, and never what a guest is seen to use, for
// it cannot be given back at once as the others can. Only a full host may ask for more, and who is off uses nothing.
import { MARKS } from "../../../forecast/demand-record/sample-kind.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../../model/resources.ts";
import { DOWNGRADE_RULES } from "../../../shaping/downgrade.ts";
import { type Decided, first, type Invariant, isAbove } from "./invariant.ts";

export function takenGently(): Invariant {
  return { name: "nothing is taken roughly", onDecided: (decided) => first(faultsOf(decided)) };
}

function* faultsOf({ cell: { state }, records, observed, observation }: Decided): Generator<string> {
  const seen = new Set<string>(observation.vms.map(({ vm }) => vm));
  for (const record of records) {
    if (record.kind !== "trim" || record.short) continue;
    const { vm, resource, from, to } = record;
    const series = state.layout.vmIds.indexOf(vm) * RESOURCE_COUNT + RESOURCES.indexOf(resource);
    const usage = observed.demand[series] ?? Number.NaN;
    const what = `${vm} goes from ${from} to ${to} of ${resource}`;
    if (!seen.has(vm)) yield `${what}, and sent no sample.`;
    if (!goesInSteps({ resource, mark: observed.marks[series] ?? 0 })) continue;
    if (usage <= from && isAbove({ amount: usage, limit: to, resource })) yield `${what}, and uses ${usage}.`;
    const { stepShare, stepMin } = DOWNGRADE_RULES[resource];
    const step = Math.max(stepShare * from, stepMin);
    if (isAbove({ amount: from - to, limit: step, resource })) yield `${what}: more than a step of ${step}.`;
  }
}

/** Of who is off everything may go at once. */
function goesInSteps({ resource, mark }: { readonly resource: Resource; readonly mark: number }): boolean {
  return resource === "memory" && (mark & MARKS.off) === 0;
}
