// Signals know workloads by their index: after a new layout they know the same ones by their new index.
import type { CellLayout } from "../cell-layout.ts";
import type { CellSignals } from "./cell-signals.ts";
import type { WorkloadDiary } from "./workload-diary.ts";

interface Layouts {
  readonly before: CellLayout;
  readonly after: CellLayout;
}

/** In place. A diary whose VMs are others by now is dropped: a new one begins with what the engine still knows. */
export function mendSignals(signals: CellSignals, layouts: Layouts): void {
  const indexOf = new Map<string | undefined, number>(layouts.after.workloads.map(({ id }, index) => [id, index]));
  const now = (workload: number): number => indexOf.get(layouts.before.workloads[workload]?.id) ?? -1;
  const kept = (workload: number) => now(workload) >= 0;
  signals.followed = signals.followed.map((followed) => ({
    ...followed,
    workloads: followed.workloads.filter(kept).map(now),
    effects: new Map([...followed.effects].filter(([each]) => kept(each)).map(([each, those]) => [now(each), those])),
  }));
  const lessons = signals.lessons.filter(({ workload }) => kept(workload));
  signals.lessons.splice(0, signals.lessons.length, ...lessons.map((one) => ({ ...one, workload: now(one.workload) })));
  const diaries = [...signals.diaries];
  signals.diaries.clear();
  for (const [workload, diary] of diaries) {
    const vms = sameVms(diary, { workload: { before: workload, after: now(workload) }, layouts });
    if (vms !== undefined) signals.diaries.set(now(workload), { ...diary, vms });
  }
}

/** The VMs that a diary looks at, by their new index; undefined where the workload's VMs are not the same. */
function sameVms(
  { vms }: WorkloadDiary,
  {
    workload,
    layouts,
  }: { readonly workload: { readonly before: number; readonly after: number }; readonly layouts: Layouts },
): Int32Array | undefined {
  const { before, after } = layouts;
  const idsOf = (layout: CellLayout, index: number) =>
    Array.from(layout.vmsOfWorkload[index] ?? [], (vm) => layout.vmIds[vm]).toSorted();
  if (workload.after < 0 || idsOf(before, workload.before).join() !== idsOf(after, workload.after).join())
    return undefined;
  const indexOf = new Map<string | undefined, number>(after.vmIds.map((id, index) => [id, index]));
  return vms.map((vm) => indexOf.get(before.vmIds[vm]) ?? -1);
}
