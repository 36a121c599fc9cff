// Where a cell begins: as it was left, or anew where it never ran.
import { layOut } from "../../control/cell-layout.ts";
import { type Result, success } from "../../model/result.ts";
import { beginCell, formOf } from "./cell-form.ts";
import { type RestoredCell, restoreCell } from "./restore-cell.ts";
import type { CellOptions } from "./run-cell.ts";

interface TakenUp extends RestoredCell {
  readonly isNew: boolean;
}

export async function takeUp(options: CellOptions): Promise<Result<TakenUp>> {
  const { plan, doors } = options;
  const stored = await doors.store.load(plan.cell.id);
  if (!stored.ok) return stored;
  const given = { ...options, at: doors.clock.now() };
  if (stored.value !== undefined) {
    const restored = await restoreCell(stored.value, given);
    return restored.ok ? success({ ...restored.value, isNew: false }) : restored;
  }
  const form = formOf(plan, options);
  const running = beginCell(form, layOut(form.cell, form.options), given);
  return success({ form, running, heardBytes: 0, number: 0, isNew: true });
}
