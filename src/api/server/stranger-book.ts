// VMs that samples tell of and nobody knows: how often, since when, and how much they used at most. Bounded, whatever comes.
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";

export interface Stranger {
  readonly vm: VmId;
  rows: number;
  readonly firstSeen: number;
  lastSeen: number;
  /** By resource; NaN: not measured. */
  readonly largest: Float64Array;
  /** Whose key its samples came with; an operator's where undefined. */
  readonly customer: string | undefined;
}

export interface StrangerBook {
  note(columns: SampleColumns, strangers: ReadonlySet<VmId>, seen: { now: number; customer: string | undefined }): void;
  all(): Iterable<Stranger>;
  /** It is known now. */
  forget(vm: string): void;
  readonly size: number;
}

const STRANGERS_MAX = 100_000;

export function createStrangerBook(): StrangerBook {
  const book = new Map<string, Stranger>();
  const placeOf = (id: VmId, { now, customer }: Parameters<StrangerBook["note"]>[2]): Stranger | undefined => {
    const known = book.get(id);
    if (known !== undefined || book.size >= STRANGERS_MAX) return known;
    const made = newStranger(id, now, customer);
    book.set(id, made);
    return made;
  };
  return {
    note({ vms, vm, usage }, strangers, { now, customer }) {
      if (strangers.size === 0) return;
      for (let row = 0; row < vm.length; row++) {
        const id = vms[vm[row] as number] as VmId;
        const known = strangers.has(id) ? placeOf(id, { now, customer }) : undefined;
        if (known === undefined) continue;
        known.rows++;
        known.lastSeen = now;
        raise(known.largest, usage.subarray(row * RESOURCE_COUNT, (row + 1) * RESOURCE_COUNT));
      }
    },
    all: () => book.values(),
    forget: (vm) => void book.delete(vm),
    get size() {
      return book.size;
    },
  };
}

function raise(largest: Float64Array, amounts: Float32Array): void {
  for (const [offset, amount] of amounts.entries())
    if (!Number.isNaN(amount) && !(amount <= (largest[offset] as number))) largest[offset] = amount;
}

function newStranger(vm: VmId, now: number, customer: string | undefined): Stranger {
  const largest = new Float64Array(RESOURCE_COUNT).fill(Number.NaN);
  return { vm, rows: 0, firstSeen: now, lastSeen: now, largest, customer };
}
