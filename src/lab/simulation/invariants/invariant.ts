// What must hold in every simulation, whatever goes wrong. An invariant looks at what just happened and says in one sentence,
// with the numbers, what is broken; it may keep in mind what it saw before, and is made anew for every run.
import type { CellLayout } from "../../../control/cell-layout.ts";
import type { CellState } from "../../../control/cell-state.ts";
import type { Decided as DecidedBetween, RunningCell, TickReport } from "../../../control/loop.ts";
import type { CommandInput, PressureInput } from "../../../control/tick-input.ts";
import type { Action, ActionOutcome } from "../../../model/action.ts";
import type { HostId } from "../../../model/fleet.ts";
import { DEMAND_FLOORS, RESOURCE_COUNT, RESOURCES, type Resource } from "../../../model/resources.ts";
import type { Instant } from "../../../model/time.ts";
import type { HostMachines } from "../../simulated-fleet.ts";

export interface Invariant {
  /** As it is called in docs/simulation.md and in a failure: "capacity kept". */
  readonly name: string;
  /** Whenever time has passed, and after every action that reached a machine. */
  onMachines?(seen: SeenMachines): string | undefined;
  /** After the step of every tick, before anything is applied. */
  onDecided?(decided: Decided): string | undefined;
  /** After every other step: the fast path, or a command. */
  onBetween?(between: Between): string | undefined;
  /** Whenever the control plane sends an action, before anything can go wrong with it. */
  onSent?(action: Action): string | undefined;
  onApplied?(applied: Applied): string | undefined;
  /** The cell goes on in another layout: what is kept by its places moves along, what is kept of who left goes. */
  onLaidAnew?(before: CellLayout, state: CellState): void;
  /** After a tick whose actions were all sent. */
  onTickDone?(done: TickDone): string | undefined;
}

export interface SeenMachines {
  readonly at: Instant;
  readonly machines: readonly HostMachines[];
  /** Hosts to which something happened of which the control plane cannot know. */
  readonly unsure: ReadonlySet<HostId>;
  /** Hosts of which it was told, since it last saw all of them, that something failed. */
  readonly failed: ReadonlySet<HostId>;
}

export interface Decided extends SeenMachines, TickReport {
  readonly kind: "tick";
}

export interface Between extends SeenMachines, DecidedBetween {
  readonly kind: "between";
  readonly input: PressureInput | CommandInput;
}

export interface Applied extends SeenMachines {
  readonly action: Action;
  readonly outcome: ActionOutcome;
  /** Whether machines got what was sent, when it was sent. */
  readonly asSent: boolean;
}

export interface TickDone extends SeenMachines {
  readonly cell: RunningCell;
  /** Ticks since the last fault; negative while there are any. */
  readonly calmTicks: number;
  readonly notDone: readonly ActionOutcome[];
}

/** Amounts of one resource, base units. */
interface Compared {
  readonly resource: Resource;
  readonly amount: number;
}

/** By more than rounding, or not a number. */
export function isAbove({ amount, limit, resource }: Compared & { readonly limit: number }): boolean {
  return !(amount <= limit + slackOf(resource, limit));
}

/** By more than rounding, or not a number. */
export function isOff({ amount, expected, resource }: Compared & { readonly expected: number }): boolean {
  return !(Math.abs(amount - expected) <= slackOf(resource, expected));
}

/** Sums of many amounts are off by rounding; a millionth of the smallest demand worth telling from nothing is nobody's loss. */
function slackOf(resource: Resource, amount: number): number {
  return ROUNDING * (Math.abs(amount) + DEMAND_FLOORS[resource]);
}

const ROUNDING = 1e-6;

/** Every host and resource of a cell: `place` as in its layout, and the indices of the host's VMs. */
export function* placesOf({ hostIds, vmsOfHost, capacity }: CellLayout) {
  for (const [host, id] of hostIds.entries())
    for (const [offset, resource] of RESOURCES.entries()) {
      const place = host * RESOURCE_COUNT + offset;
      const series = [...(vmsOfHost[host] ?? [])].map((vm) => vm * RESOURCE_COUNT + offset);
      yield { host: id, resource, place, series, capacity: capacity[place] ?? 0 };
    }
}

/** Every VM and resource of a cell. */
export function* seriesOf({ vmIds, base }: CellLayout) {
  for (const [index, vm] of vmIds.entries())
    for (const [offset, resource] of RESOURCES.entries()) {
      const series = index * RESOURCE_COUNT + offset;
      yield { vm, resource, series, base: base[series] ?? 0 };
    }
}

/** The first of many faults is the one to tell. */
export function first(faults: Iterable<string>): string | undefined {
  for (const fault of faults) return fault;
  return undefined;
}

/** Where what lay at each index of a column lies now: [new index] the old one, -1 of what is new. */
export function movedPlaces(before: readonly string[], after: readonly string[]): Int32Array {
  return Int32Array.from({ length: after.length * RESOURCE_COUNT }, (_, index) => {
    const known = before.indexOf(after[Math.floor(index / RESOURCE_COUNT)] ?? "");
    return known < 0 ? -1 : known * RESOURCE_COUNT + (index % RESOURCE_COUNT);
  });
}
