// A running cell as it learns from history: what others of its form begin as.
import { layOut } from "../../../control/cell-layout.ts";
import type { CellPlan } from "../../../control/cell-plan.ts";
import type { RunningCell } from "../../../control/loop.ts";
import { beginCell, type CellForm, type Joining } from "../cell-form.ts";
import type { LearningCell } from "./warm-from-history.ts";

/** What is looked at while it learns: `running` may be another object by then. */
interface Live extends Joining {
  readonly form: CellForm;
  readonly running: RunningCell;
  readonly plan: CellPlan;
  readonly isStopped: boolean;
}

export function learningCell(live: Live, given: Pick<LearningCell, "samples" | "between">): LearningCell {
  const { form, network } = live;
  return {
    ...given,
    running: () => live.running,
    begin({ at, vms, asleepFor }) {
      const known = new Set(vms);
      const cell = { ...form.cell, vms: form.cell.vms.filter(({ id }) => known.has(id)) };
      return beginCell(form, layOut(cell, form.options), { network, at, asleepFor });
    },
    beginAs: (layout) => beginCell(form, layout, { network, at: live.running.state.at }),
    declared: () => live.plan.declarations,
    isStopped: () => live.isStopped,
  };
}
