// The demand of a whole workload over the last five weeks, at five minutes a value: long enough to say what was usual at the time
// of an event. A sum over VMs says it better than any one of them, and is one thing to learn from instead of many.
import type { DemandEngine } from "../../forecast/demand-engine.ts";
import { readDemand } from "../../forecast/demand-history.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import type { Series } from "../../model/series.ts";
import { type Instant, MINUTE_MS, ticksPer, timeGrid, WEEK_MS } from "../../model/time.ts";

const SLOT_MS = 5 * MINUTE_MS;
const WEEKS = 5;
export const DIARY_MS = WEEKS * WEEK_MS;
/** VMs of a workload that are looked at: more would say the same. */
const VMS_MAX = 32;

export interface WorkloadDiary {
  /** Of a whole number of ticks, counted from 1970. */
  readonly slotMs: number;
  readonly vms: Int32Array;
  /** [resource x slot], means of demand with all that events did, base units; NaN where unknown. Slot s lies at s modulo length. */
  readonly values: Float32Array;
  /** The slot that is written now, and the ticks that are in it. */
  slot: number;
  ticks: number;
}

/** Slots a resource. */
const lengthOf = ({ values }: WorkloadDiary) => values.length / RESOURCE_COUNT;

export interface DiaryTick {
  readonly engine: DemandEngine;
  /** End of the tick just past, which the engine has seen. */
  readonly at: Instant;
  readonly stepMs: number;
  /** [series] what events did in the tick just past; taken out of the engine's history. */
  readonly factors: Float64Array;
}

/** Begins with what the engine still knows of the last week: for it, what events did then is gone. */
export function startDiary(vms: Int32Array, given: Omit<DiaryTick, "factors">): WorkloadDiary {
  const { engine, stepMs, at } = given;
  const slotMs = ticksPer(SLOT_MS, stepMs) * stepMs;
  const every = Math.max(1, vms.length / VMS_MAX);
  const chosen = vms.filter((_, index) => Math.floor(index / every) !== Math.floor((index - 1) / every));
  const values = new Float32Array(RESOURCE_COUNT * ticksPer(DIARY_MS, slotMs)).fill(Number.NaN);
  const diary = { slotMs, vms: chosen, values, slot: Number.NEGATIVE_INFINITY, ticks: 0 };
  const known = chosen.reduce((most, vm) => Math.max(most, engine.samples[vm * RESOURCE_COUNT] as number), 0);
  for (let back = Math.min(known, engine.history.length) - 1; back >= 1; back--)
    write(diary, { end: at - back * stepMs, demandOf: (series) => demandBefore(engine, series, back) });
  return diary;
}

/** Once a tick, after the engine has learned from it. */
export function keepDiary(diary: WorkloadDiary, { engine, at, factors }: DiaryTick): void {
  write(diary, {
    end: at,
    demandOf: (series) => demandBefore(engine, series, 0) * (factors[series] as number),
  });
}

function demandBefore({ history, tick }: DemandEngine, series: number, back: number): number {
  return readDemand(history, series, tick - 1 - back);
}

function write(
  diary: WorkloadDiary,
  { end, demandOf }: { readonly end: number; readonly demandOf: (series: number) => number },
): void {
  const { vms, values, slotMs } = diary;
  const length = lengthOf(diary);
  const slot = Math.ceil(end / slotMs) - 1;
  // Slots of ticks that never came are not known.
  const first = Math.max(diary.slot + 1, slot - length + 1);
  for (let each = first; each <= slot; each++)
    for (let resource = 0; resource < RESOURCE_COUNT; resource++)
      values[resource * length + (each % length)] = each === slot ? 0 : Number.NaN;
  if (slot > diary.slot) [diary.slot, diary.ticks] = [slot, 0];
  diary.ticks++;
  for (let resource = 0; resource < RESOURCE_COUNT; resource++) {
    let sum = 0;
    for (const vm of vms) sum += demandOf(vm * RESOURCE_COUNT + resource);
    const place = resource * length + (slot % length);
    const mean = values[place] as number;
    values[place] = mean + (sum - mean) / diary.ticks;
  }
}

/** All that is known of one resource, the slot that is written now included. */
export function readDiary(diary: WorkloadDiary, resource: number): Series {
  const { slotMs, slot, values } = diary;
  const length = lengthOf(diary);
  const grid = timeGrid({ startMs: (slot - length + 1) * slotMs, stepMs: slotMs, length });
  return {
    grid,
    values: Float64Array.from(
      { length },
      (_, index) => values[resource * length + ((slot - length + 1 + index) % length)] as number,
    ),
  };
}
