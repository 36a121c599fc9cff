// The usage that a step closed, as records to be kept with it. Where nobody can change machines nothing was done for anybody, whatever
// was decided, and nothing is charged for it.
import type { RunningCell } from "../../control/loop.ts";
import { usageRecords } from "../../control/usage/close-usage.ts";
import type { UsageRecord } from "../../model/usage-record.ts";

export function closedUsage({ state }: RunningCell, mode: "observe" | "act"): readonly UsageRecord[] {
  const records = usageRecords(state.layout, state.usage.closed);
  return mode === "act" ? records : records.map((record) => ({ ...record, shaped: 0 }));
}
