// Which faults come when: a function of the setting, the kind, the tick and the name of what it happens to, never of what was
// asked before. In calm ticks nothing happens.
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { FAULT_RATES, type FaultKind } from "./fault-kinds.ts";
import { calmFrom, type Setting } from "./setting.ts";

export interface FaultPlan {
  /** Whether it happens to whoever bears this name in this tick. */
  happens(kind: FaultKind, where: Where): boolean;
  /** For what is to be drawn about a fault that happens. */
  drawFor(kind: FaultKind, where: Where): SeededRandom;
  isCalm(tick: number): boolean;
}

export interface Where {
  readonly tick: number;
  readonly name: string;
}

export function planFaults(setting: Setting): FaultPlan {
  const random = seededRandom(setting.seed).fork("faults");
  const calm = calmFrom(setting);
  const kinds = new Set(setting.faults);
  const drawFor = (kind: FaultKind, { tick, name }: Where) => random.fork(`${kind}/${tick}/${name}`);
  return {
    drawFor,
    isCalm: (tick) => tick >= calm,
    happens: (kind, where) =>
      where.tick < calm && kinds.has(kind) && drawFor(kind, where).fork("whether").next() < FAULT_RATES[kind],
  };
}

/** In the middle of a spell that began some ticks ago and lasts up to `lengthMax` ticks. */
export function inSpell(
  plan: FaultPlan,
  { kind, where, lengthMax }: { readonly kind: FaultKind; readonly where: Where; readonly lengthMax: number },
): boolean {
  if (plan.isCalm(where.tick)) return false;
  for (let ago = 0; ago < lengthMax; ago++) {
    const begun = { ...where, tick: where.tick - ago };
    if (plan.happens(kind, begun) && plan.drawFor(kind, begun).fork("length").below(lengthMax) >= ago) return true;
  }
  return false;
}
