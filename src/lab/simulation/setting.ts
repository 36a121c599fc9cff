// What a simulation is, in a few numbers: everything else is drawn from the seed. Equal settings give equal runs to the bit.
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { FAULT_KINDS, type FaultKind } from "./fault-kinds.ts";

export interface Setting {
  readonly seed: number;
  /** Of all, calm ones included. */
  readonly ticks: number;
  readonly hosts: number;
  readonly vms: number;
  /** In the order of FAULT_KINDS. */
  readonly faults: readonly FaultKind[];
}

const TICKS_DEFAULT = 300;
/** At the end nothing goes wrong any more, and what is real must become what is desired. */
const CALM_TICKS = 40;

/** What the seed draws, unless it is given. */
export function drawSetting(seed: number, given: Partial<Omit<Setting, "seed">> = {}): Setting {
  const random = seededRandom(seed).fork("setting");
  const hosts = 2 + random.below(3);
  const vms = 3 + random.below(10);
  const drawn = { ticks: TICKS_DEFAULT, hosts, vms, faults: drawFaults(random) };
  return { seed, ...drawn, ...given };
}

/** One run in eight has none, one in eight has all, the others have a few: so that none hides behind another. */
function drawFaults(random: SeededRandom): readonly FaultKind[] {
  const eighth = random.below(8);
  if (eighth === 0) return [];
  const share = eighth === 1 ? 1 : 0.1 + 0.5 * random.next();
  return FAULT_KINDS.filter(() => random.next() < share);
}

/** The first tick in which nothing goes wrong any more. */
export function calmFrom({ ticks }: Setting): number {
  return ticks - Math.min(CALM_TICKS, Math.floor(ticks / 2));
}

/** Most fleets tick as production does; some faster through their days, so that a run lasts for weeks. */
export function stepMsOf({ seed }: Setting): number {
  return [5 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS][seededRandom(seed).fork("step").below(4)] ?? MINUTE_MS;
}

/** What to type to see the same run again. */
export function commandOf({ seed, ticks, hosts, vms, faults }: Setting): string {
  const named = faults.length === 0 ? "none" : faults.join(",");
  return `npm run simulate -- --seed ${seed} --ticks ${ticks} --hosts ${hosts} --vms ${vms} --faults ${named}`;
}
