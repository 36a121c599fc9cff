// From a failure to the smallest setting that still fails in the same way: fewer ticks, fewer kinds of faults, fewer VMs,
// fewer hosts, until none of it can be left out. What is left is what the failure needs.
import { calmFrom, type Setting } from "./setting.ts";
import { simulate, type Verdict } from "./simulate.ts";

export type BrokenVerdict = Extract<Verdict, { kind: "broken" }>;

export interface Shrunk {
  readonly verdict: BrokenVerdict;
  readonly runs: number;
}

const RUNS_MAX = 80;

/** `onRun` is told how many runs it took so far. */
export async function shrink(failed: BrokenVerdict, onRun: (runs: number) => void = () => {}): Promise<Shrunk> {
  let verdict = failed;
  let runs = 0;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const setting of smallerSettings(verdict)) {
      if (runs >= RUNS_MAX) return { verdict, runs };
      onRun(++runs);
      const tried = await simulate(setting);
      if (tried.kind !== "broken" || tried.broken.invariant !== failed.broken.invariant) continue;
      verdict = tried;
      smaller = true;
      break;
    }
  }
  return { verdict, runs };
}

/** The boldest first. */
function* smallerSettings({ setting, broken }: BrokenVerdict): Generator<Setting> {
  const { ticks, faults, vms, hosts } = setting;
  const faultTicks = broken.tick + 1;
  // With so many ticks the faults last until the failure, and calm ticks follow that are never reached.
  const enough = 2 * faultTicks;
  if (broken.tick < calmFrom(setting) && enough < ticks) yield { ...setting, ticks: enough };
  if (broken.tick < calmFrom(setting) && faultTicks + 40 < ticks && faultTicks > 40)
    yield { ...setting, ticks: faultTicks + 40 };
  if (faults.length > 1) {
    const middle = Math.ceil(faults.length / 2);
    yield { ...setting, faults: faults.slice(0, middle) };
    yield { ...setting, faults: faults.slice(middle) };
  }
  for (const fault of faults) yield { ...setting, faults: faults.filter((each) => each !== fault) };
  if (vms > 3) yield { ...setting, vms: Math.ceil(vms / 2) };
  if (vms > 1) yield { ...setting, vms: vms - 1 };
  if (hosts > 1) yield { ...setting, hosts: hosts - 1 };
  if (ticks > 20) yield { ...setting, ticks: Math.floor(ticks * 0.75) };
}
