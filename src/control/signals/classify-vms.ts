// What sort of work each VM seems to do, looked at once a day: every tick it is the turn of a few VMs.
import type { DemandEngine } from "../../forecast/demand-engine.ts";
import { readDemand } from "../../forecast/demand-history.ts";
import type { WorkloadClass } from "../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource, UNLIMITED_AMOUNT } from "../../model/resources.ts";
import { HOUR_MS, type Instant, ticksPer, timeGrid } from "../../model/time.ts";
import { classifyWorkload, HOURS_MIN, type UsagePattern } from "../../signals/classify-workload.ts";
import type { CellLayout } from "../cell-layout.ts";
import type { CellSignals } from "./cell-signals.ts";

/** A guess from usage alone, however a customer calls the work. */
export interface ClassGuess {
  readonly at: Instant;
  readonly workloadClass: WorkloadClass | "unknown";
  /** 0..1 */
  readonly classConfidence: number;
  readonly pattern: UsagePattern;
  readonly patternConfidence: number;
}

/** One takes some 5 ms: of more than 18,000 VMs each has its turn less than once a day at 5 min a tick. */
const VMS_A_TICK = 64;

export interface Classified {
  readonly engine: DemandEngine;
  readonly layout: CellLayout;
  /** End of the tick just past. */
  readonly at: Instant;
}

/** Looks at the engine's week of demand, in which the effects of known events are taken out. */
export function classifyVms({ guesses, declared }: CellSignals, given: Classified): void {
  const { engine, layout, at } = given;
  const vmCount = guesses.length;
  const round = Math.max(engine.season.day, Math.ceil(vmCount / VMS_A_TICK));
  for (let vm = engine.tick % round; vm < vmCount; vm += round) {
    const id = layout.vmIds[vm];
    const profile = id === undefined ? undefined : declared.profiles.get(id);
    const guess = guessOf(given, vm, profile?.utcOffsetMinutes ?? 0);
    if (guess !== undefined) guesses[vm] = { at, ...guess };
  }
}

function guessOf(
  { engine, layout, at }: Classified,
  vm: number,
  utcOffsetMinutes: number,
): Omit<ClassGuess, "at"> | undefined {
  const { stepMs } = layout;
  const first = vm * RESOURCE_COUNT;
  const length = Math.min(engine.samples[first] as number, engine.history.length);
  if (length < HOURS_MIN * ticksPer(HOUR_MS, stepMs)) return undefined;
  const usage: Partial<Record<Resource, Float64Array>> = {};
  const ceiling: Partial<Record<Resource, number>> = {};
  for (const [index, resource] of RESOURCES.entries()) {
    usage[resource] = Float64Array.from({ length }, (_, tick) =>
      readDemand(engine.history, first + index, engine.tick - length + tick),
    );
    const most = layout.ceiling[first + index] as number;
    if (most < UNLIMITED_AMOUNT) ceiling[resource] = most;
  }
  const grid = timeGrid({ startMs: at - length * stepMs, stepMs, length });
  const { workloadClass, classConfidence, pattern, patternConfidence } = classifyWorkload({
    grid,
    usage,
    ceiling,
    utcOffsetMinutes,
  });
  return { workloadClass, classConfidence, pattern, patternConfidence };
}
