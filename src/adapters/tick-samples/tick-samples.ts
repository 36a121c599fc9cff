// Samples that come in whenever they come, gathered to what a cell observes once a tick: the mean of what was measured in it.
// What comes after its tick was observed is handed over late; what lies in the future is refused. Memory is bounded.
import type { FleetObservation, Telemetry, VmObservation } from "../../control/ports.ts";
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource, type ResourceVector } from "../../model/resources.ts";
import { success } from "../../model/result.ts";
import { DAY_MS, type Instant, instant } from "../../model/time.ts";

export interface TickSamples extends Telemetry {
  take(columns: SampleColumns): void;
  /** Ticks are of another length from now on. What is waiting goes to the tick in which its own would have ended. */
  pace(stepMs: number): void;
  /** Since the start. */
  counts(): TickSampleCounts;
}

interface TickSampleCounts {
  readonly taken: number;
  /** Of ticks that were observed before they came. */
  readonly late: number;
  /** More than two ticks ahead of the clock. */
  readonly future: number;
  /** Older than a day, or more late ones than are kept. */
  readonly dropped: number;
}

export interface TickSamplesOptions {
  readonly stepMs: number;
  readonly now: () => Instant;
  /** What each VM is allowed in truth; left out where nobody can tell. */
  readonly allocationOf?: (vm: VmId) => ResourceVector | undefined;
  /** What shadow VMs there are and which hosts are silent; none where left out. */
  readonly hosts?: () => Pick<FleetObservation, "shadowVms" | "unreachable">;
}

type Fate = keyof TickSampleCounts;

/** Ticks ahead of the clock whose samples are taken: clocks differ. */
const AHEAD_TICKS = 2;
const LATE_KEPT = 100_000;

export function createTickSamples(options: TickSamplesOptions): TickSamples {
  let { stepMs } = options;
  const { now, hosts = () => ({ shadowVms: [], unreachable: [] }) } = options;
  let open = new Map<number, TickSums>();
  let observedUntil = tickEnd(now(), stepMs) - stepMs;
  const counts = { taken: 0, late: 0, future: 0, dropped: 0 };
  let lateCount = 0;
  const fateOf = ({ measured, end, clock }: { measured: number; end: number; clock: number }): Fate => {
    if (end > clock + (AHEAD_TICKS + 1) * stepMs) return "future";
    if (end > observedUntil) return "taken";
    if (measured < clock - DAY_MS || lateCount >= LATE_KEPT) return "dropped";
    lateCount++;
    return "late";
  };
  return {
    counts: () => ({ ...counts }),
    take({ vms, vm, at, usage }) {
      const clock = now();
      for (const [row, measured] of at.entries()) {
        const id = vms[vm[row] as number];
        const end = tickEnd(measured, stepMs);
        const fate = fateOf({ measured, end, clock });
        counts[fate]++;
        if (id === undefined || fate === "dropped" || fate === "future") continue;
        add(open, { end, id, usage: usage.subarray(row * RESOURCE_COUNT, (row + 1) * RESOURCE_COUNT) });
      }
    },
    pace(next) {
      stepMs = next;
      const waiting = open;
      open = new Map();
      for (const [end, sums] of waiting)
        for (const [id, own] of sums) addSums(open, { end: tickEnd(end, next), id, own });
      observedUntil = tickEnd(now(), next) - next;
    },
    async observe() {
      const at = instant(tickEnd(now() + 1, stepMs) - stepMs);
      const vms = [...(open.get(at) ?? [])].map(([vm, sums]) => observationOf(vm, sums, options));
      const late = [...open]
        .filter(([end]) => end < at)
        .flatMap(([end, sums]) =>
          [...sums].map(([vm, own]) => ({ vm, at: instant(end), usage: meansOf(own), unmet: {} })),
        );
      for (const end of open.keys()) if (end <= at) open.delete(end);
      observedUntil = Math.max(observedUntil, at);
      lateCount = 0;
      return success({ at, vms, late, ...hosts() });
    },
  };
}

/** Of one tick, by VM: sum and count of each resource in turn. */
type TickSums = Map<VmId, Float64Array>;

function add(open: Map<number, TickSums>, sample: { end: number; id: VmId; usage: Float32Array }): void {
  const { end, id, usage } = sample;
  const own = new Float64Array(2 * RESOURCE_COUNT);
  for (const [offset, amount] of usage.entries()) {
    if (Number.isNaN(amount)) continue;
    own[2 * offset] = amount;
    own[2 * offset + 1] = 1;
  }
  addSums(open, { end, id, own });
}

function addSums(open: Map<number, TickSums>, { end, id, own }: { end: number; id: VmId; own: Float64Array }): void {
  const ofTick = open.get(end) ?? new Map<VmId, Float64Array>();
  open.set(end, ofTick);
  const sums = ofTick.get(id);
  if (sums === undefined) ofTick.set(id, own);
  else for (let place = 0; place < own.length; place++) sums[place] = (sums[place] as number) + (own[place] as number);
}

/** NaN where nothing was measured. */
function meansOf(sums: Float64Array): Record<Resource, number> {
  const means = RESOURCES.map((resource, offset) => {
    const count = sums[2 * offset + 1] as number;
    return [resource, count === 0 ? Number.NaN : (sums[2 * offset] as number) / count];
  });
  return Object.fromEntries(means) as Record<Resource, number>;
}

const UNKNOWN = Object.fromEntries(RESOURCES.map((resource) => [resource, Number.NaN])) as ResourceVector;

function observationOf(vm: VmId, sums: Float64Array, { allocationOf }: TickSamplesOptions): VmObservation {
  return { vm, usage: meansOf(sums), unmet: {}, allocation: allocationOf?.(vm) ?? UNKNOWN };
}

/** What was measured up to an instant belongs to the tick that ends then, or next. */
function tickEnd(at: number, stepMs: number): number {
  return Math.ceil(at / stepMs) * stepMs;
}
