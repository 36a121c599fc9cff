// Which workloads keep a diary: those for which an event is declared, from the day that it is heard of to weeks after it.
import { reachOf } from "../../signals/event-phases.ts";
import type { CellSignals } from "./cell-signals.ts";
import type { EventFactors } from "./event-factors.ts";
import { workloadsOf } from "./follow-events.ts";
import { DIARY_MS, type DiaryTick, keepDiary, startDiary } from "./workload-diary.ts";

/** 160 kB each: 41 MB in all. The first ones that are declared have them; the others take what these teach. */
const DIARIES_MAX = 256;

/** After the engine has learned from a tick. */
export function keepDiaries(
  signals: CellSignals,
  { layout, at, factors }: EventFactors,
  engine: DiaryTick["engine"],
): void {
  const { diaries, declared } = signals;
  if (declared.events.length === 0 && diaries.size === 0) return;
  const tick = { engine, at, stepMs: layout.stepMs, factors };
  const concerned = new Set(
    declared.events
      .filter((event) => event.announced <= at && isNear(reachOf(event), at))
      .toSorted((left, right) => (left.id < right.id ? -1 : 1))
      .flatMap((event) => workloadsOf(event, layout)),
  );
  for (const workload of diaries.keys()) if (!concerned.has(workload)) diaries.delete(workload);
  for (const workload of concerned) {
    const vms = layout.vmsOfWorkload[workload];
    if (diaries.size >= DIARIES_MAX || vms === undefined || vms.length === 0 || diaries.has(workload)) continue;
    diaries.set(workload, startDiary(vms, tick));
  }
  for (const diary of diaries.values()) keepDiary(diary, tick);
}

function isNear({ from, to }: { from: number; to: number }, at: number): boolean {
  return from < at + DIARY_MS && to > at - DIARY_MS;
}
