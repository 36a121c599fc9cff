// What a cell has counted of the hour that is open, VM by VM, in whole numbers, and the pieces that its last step closed. Everything
// before `tickedAt` is in it once, nothing after; what was lent and held is read more often, up to `heldUntil`.
import type { CustomerId, WorkloadId } from "../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { SERVICE_PLANS } from "../../model/service-plan.ts";
import type { Instant } from "../../model/time.ts";
import type { UsageMeter } from "../../model/usage-record.ts";
import type { CellLayout } from "../cell-layout.ts";

export interface UsageMemory {
  /** Whole milliseconds since 1970. */
  tickedAt: number;
  heldUntil: number;
  /** [series], [place] since the last tick: lent beyond the base, held ready; quanta x ms. */
  readonly lent: Float64Array;
  readonly held: Float64Array;
  /** [series] of the open piece, by meter. */
  readonly open: Readonly<Record<VmMeter, Float64Array>>;
  /** [vm] since when its piece is open, and under which terms: index into SERVICE_PLANS, bits of what is acted for. */
  readonly openedAt: Float64Array;
  readonly plans: Uint8Array;
  readonly shaped: Uint8Array;
  /** [series] since when the fast path had too little for it; NaN where it had enough. */
  readonly shortSince: Float64Array;
  /** [series] what it needed beyond its lease when the host's need was at its tail, fading; quanta. */
  readonly tail: Float64Array;
  /** [place] quanta x ms of buffer that nobody was there to share, all time. */
  readonly unshared: Float64Array;
  /** By resource, quanta x ms of the open hour. */
  readonly handOvers: Map<WorkloadId, HandOverUsage>;
  /** By the last step. */
  readonly closed: ClosedUsage[];
  /** Of VMs that left since: closed with the next step. */
  readonly left: ClosedUsage[];
}

export type VmMeter = Exclude<UsageMeter, "handOver">;
export const VM_METERS: readonly VmMeter[] = [
  "base",
  "leased",
  "used",
  "over",
  "buffer",
  "burst",
  "late",
  "short",
  "unseen",
];

interface HandOverUsage {
  readonly customer: CustomerId;
  readonly openedAt: number;
  readonly amounts: Float64Array;
}

/** Pieces that were closed together, as columns: small while they wait to be kept. */
export interface ClosedUsage {
  readonly kind: "vm" | "workload";
  readonly to: Instant;
  readonly serviceLevel: number;
  readonly ids: readonly string[];
  readonly customers: readonly string[];
  readonly from: Float64Array;
  readonly plans: Uint8Array;
  readonly shaped: Uint8Array;
  /** [row x AMOUNT_COUNT] */
  readonly amounts: Float64Array;
}

export function createUsageMemory(layout: CellLayout, at: Instant): UsageMemory {
  const [series, places, vms] = [layout.base.length, layout.capacity.length, layout.vmIds.length];
  const column = () => new Float64Array(series);
  return {
    tickedAt: Math.round(at),
    heldUntil: Math.round(at),
    lent: column(),
    held: new Float64Array(places),
    open: {
      base: column(),
      leased: column(),
      used: column(),
      over: column(),
      buffer: column(),
      burst: column(),
      late: column(),
      short: column(),
      unseen: column(),
    },
    openedAt: new Float64Array(vms).fill(Math.round(at)),
    plans: new Uint8Array(vms).fill(SERVICE_PLANS.indexOf("standard")),
    shaped: new Uint8Array(vms),
    shortSince: column().fill(Number.NaN),
    tail: column(),
    unshared: new Float64Array(places),
    handOvers: new Map(),
    closed: [],
    left: [],
  };
}

/** The first thing in every step: what the last one closed is kept by now. */
export function beginUsage({ closed, left }: UsageMemory): void {
  closed.splice(0, closed.length, ...left);
  left.length = 0;
}

export function isActedFor({ shaped }: UsageMemory, series: number): boolean {
  return ((shaped[Math.floor(series / RESOURCE_COUNT)] as number) & (1 << (series % RESOURCE_COUNT))) !== 0;
}
