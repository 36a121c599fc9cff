// The world of one simulation: machines, their clock, what is on its way to them, and the doors through which a control
// plane sees and moves them. Whatever happens to the machines is told to whoever watches, at once.
import type { Action, ActionOutcome } from "../../model/action.ts";
import type { HostId } from "../../model/fleet.ts";
import { type Instant, instant } from "../../model/time.ts";
import { createSimulatedFleet, type HostMachines, type SimulatedFleet } from "../simulated-fleet.ts";
import { type VirtualClock, virtualClock } from "../virtual-clock.ts";
import { type DrawnFleet, drawFleet } from "./drawn-fleet.ts";
import { type FaultPlan, inSpell, planFaults } from "./fault-plan.ts";
import type { Setting } from "./setting.ts";
import { switchedOff } from "./switched-off.ts";

export interface World {
  readonly setting: Setting;
  readonly drawn: DrawnFleet;
  readonly plan: FaultPlan;
  readonly clock: VirtualClock;
  readonly fleet: SimulatedFleet;
  /** Hosts to which something happened that no control plane could know of until it sees all of them again. */
  readonly unsure: Set<HostId>;
  /** Hosts of which the control plane was told, since it last saw all of them, that something failed. */
  readonly failed: Set<HostId>;
  /** Called whenever machines may have changed. */
  onMoved: (moved: Moved) => void;
  /** On their way, in order of arrival. */
  readonly underway: Underway[];
}

/** What just moved the machines. */
export type Moved =
  | { readonly kind: "time-passed" }
  | {
      readonly kind: "applied";
      readonly action: Action;
      readonly outcome: ActionOutcome;
      /** What was sent, when it was sent; not a part of it, nor long after. */
      readonly asSent: boolean;
      /** The host right afterwards. */
      readonly machines: readonly HostMachines[];
    };

interface Underway {
  readonly action: Action;
  readonly due: Instant;
}

const HOST_LOSS_TICKS_MAX = 6;

export function createWorld(setting: Setting): World {
  const plan = planFaults(setting);
  const fleetDrawn = drawFleet(setting);
  const drawn = { ...fleetDrawn, demand: switchedOff(plan, fleetDrawn.demand) };
  const clock = virtualClock(instant(drawn.grid.startMs));
  const { cell, shadowVm, demand, grid } = drawn;
  const faults = {
    losesSample: () => false,
    failsAction: () => false,
    hangsAtBoot: (shadowVm: string) => plan.happens("hung-boot", { tick: tickNow({ clock, drawn }), name: shadowVm }),
    isUnreachable: (host: HostId, tick: number) =>
      inSpell(plan, { kind: "host-loss", where: { tick, name: host }, lengthMax: HOST_LOSS_TICKS_MAX }),
  };
  const fleet = createSimulatedFleet({ cell, shadowVm, demand, clock, grid, faults });
  return { setting, drawn, plan, clock, fleet, unsure: new Set(), failed: new Set(), onMoved: () => {}, underway: [] };
}

/** The tick that goes on. */
export function tickNow({ clock, drawn: { grid } }: Pick<World, "clock" | "drawn">): number {
  return Math.floor((clock.now() - grid.startMs) / grid.stepMs);
}

/** Lets time pass; what is underway arrives on its way. Of actions that are slow side by side the slowest moves the clock. */
export async function passTime(world: World, to: Instant): Promise<void> {
  const { underway, clock } = world;
  for (let next = underway[0]; next !== undefined && next.due <= to; next = underway[0]) {
    underway.shift();
    clock.advanceTo(later(next.due, clock.now()));
    world.onMoved({ kind: "time-passed" });
    await applyNow(world, next.action, false);
  }
  clock.advanceTo(later(to, clock.now()));
  world.onMoved({ kind: "time-passed" });
}

function later(one: Instant, other: Instant): Instant {
  return instant(Math.max(one, other));
}

export function sendLater({ underway }: World, sent: Underway): void {
  underway.push(sent);
  underway.sort((left, right) => left.due - right.due);
}

export async function applyNow(world: World, action: Action, asSent: boolean): Promise<ActionOutcome> {
  // Many may be sent side by side: what this one did is to be seen before the next one does anything.
  const applied = world.fleet.actuator.apply(action);
  const machines = world.fleet.machines(action.host);
  const outcome = await applied;
  world.onMoved({ kind: "applied", action, outcome, asSent, machines });
  return outcome;
}
