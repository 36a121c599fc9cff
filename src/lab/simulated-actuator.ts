// Applies one set-point to simulated hosts, or says why not. A set-point is refused when all set-points of its host would no
// longer fit: what was accepted can always be reached.
import type { Action } from "../model/action.ts";
import type { VmId } from "../model/fleet.ts";
import { add, fits, NOTHING, RESOURCES, type ResourceVector, scale } from "../model/resources.ts";
import { failure, type Result, success, unreachable } from "../model/result.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import type { Instant } from "../model/time.ts";
import { type Amounts, assign, type Holding, holdingOf, ROUNDING, type SimulatedHost } from "./simulated-host.ts";

export interface ShadowVmTimes {
  readonly bootMs: number;
  /** A boot that hangs counts as failed after this long. */
  readonly bootTimeoutMs: number;
  readonly retireMs: number;
}

export interface Applied {
  readonly now: Instant;
  readonly times: ShadowVmTimes;
  readonly shadowVmCeiling: ResourceVector;
  readonly hangsAtBoot: (shadowVm: ShadowVmId) => boolean;
}

/** Failures: "not-found", "no-capacity", "rejected", "conflict". Nothing has changed then. */
export function applyToHost(host: SimulatedHost, action: Action, applied: Applied): Result<void> {
  switch (action.kind) {
    case "resize-vm":
      return resizeVm(host, action);
    case "resize-shadow-vm":
      return resizeShadowVm(host, action);
    case "boot-shadow-vm":
      return bootShadowVm(host, action, applied);
    case "retire-shadow-vm":
      return retireShadowVm(host, action, applied);
    default:
      return unreachable(action);
  }
}

function resizeVm(host: SimulatedHost, { vm, setPoint }: { vm: VmId; setPoint: ResourceVector }): Result<void> {
  const found = host.vms.find((each) => each.vm.id === vm && !each.isAbsent);
  if (found === undefined) return failure("not-found", `Host ${host.id} runs no VM ${vm}.`);
  if (!fits(setPoint, withRounding(found.vm.ceiling)))
    return failure("rejected", `VM ${vm} may never get more than its ceiling.`);
  return setTo(host, found.holding, setPoint);
}

function resizeShadowVm(
  host: SimulatedHost,
  { shadowVm, setPoint, handedOver }: Extract<Action, { kind: "resize-shadow-vm" }>,
): Result<void> {
  const found = host.shadowVms.get(shadowVm);
  if (found === undefined) return failure("not-found", `Host ${host.id} runs no shadow VM ${shadowVm}.`);
  if (found.phase.kind !== "up") return failure("conflict", `Shadow VM ${shadowVm} is ${found.phase.kind}, not up.`);
  if (!fits(setPoint, withRounding(found.ceiling)) || !fits(found.minimum, withRounding(setPoint)))
    return failure("rejected", `Shadow VM ${shadowVm} stays between its minimum and its ceiling.`);
  const set = setTo(host, found.holding, setPoint);
  if (set.ok && handedOver) found.serves = true;
  return set;
}

function bootShadowVm(
  host: SimulatedHost,
  { shadowVm, minimum }: { shadowVm: ShadowVmId; minimum: ResourceVector },
  { now, times, shadowVmCeiling, hangsAtBoot }: Applied,
): Result<void> {
  const known = host.shadowVms.get(shadowVm)?.phase.kind;
  if (known === "booting" || known === "up") return success(undefined);
  if (known !== undefined) return failure("conflict", `Shadow VM ${shadowVm} is ${known}; boot one with a new id.`);
  const short = shortOf(host, minimum);
  if (short !== undefined) return failure("no-capacity", short);
  const hangs = hangsAtBoot(shadowVm);
  const until = now + (hangs ? times.bootTimeoutMs : times.bootMs);
  host.shadowVms.set(shadowVm, {
    id: shadowVm,
    minimum,
    ceiling: shadowVmCeiling,
    holding: holdingOf(minimum, NOTHING),
    phase: { kind: "booting", until, hangs },
    serves: false,
  });
  return success(undefined);
}

function retireShadowVm(
  host: SimulatedHost,
  { shadowVm }: { shadowVm: ShadowVmId },
  { now, times }: Applied,
): Result<void> {
  const found = host.shadowVms.get(shadowVm);
  if (found === undefined) return failure("not-found", `Host ${host.id} runs no shadow VM ${shadowVm}.`);
  if (found.phase.kind === "booting" || found.phase.kind === "up") {
    assign(found.holding.setPoint, found.minimum);
    found.phase = { kind: "retiring", until: now + times.retireMs };
  }
  return success(undefined);
}

function setTo(host: SimulatedHost, { setPoint }: Holding, wanted: ResourceVector): Result<void> {
  const short = shortOf(host, wanted, setPoint);
  if (short !== undefined) return failure("no-capacity", short);
  assign(setPoint, wanted);
  return success(undefined);
}

/** A resource that grows from `before` to `wanted` beyond the host's capacity, in words. */
function shortOf(host: SimulatedHost, wanted: ResourceVector, before?: Amounts): string | undefined {
  const setPoints = [...host.vms, ...host.shadowVms.values()].map(({ holding }) => holding.setPoint);
  for (const resource of RESOURCES) {
    const from = before?.[resource] ?? 0;
    const sum = setPoints.reduce((total, each) => total + each[resource], 0) - from + wanted[resource];
    const isOver = sum > host.capacity[resource] * (1 + ROUNDING);
    if (isOver && wanted[resource] > from)
      return `Host ${host.id} would have to give ${sum} of ${resource} and has ${host.capacity[resource]}.`;
  }
  return undefined;
}

function withRounding(vector: ResourceVector): ResourceVector {
  return add(vector, scale(vector, ROUNDING));
}
