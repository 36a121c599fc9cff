// What runs in a worker thread: one simulation, and shrinking one that failed. Plain data in, plain data out.
import type { FaultKind } from "../../lab/simulation/fault-kinds.ts";
import { commandOf, drawSetting, type Setting } from "../../lab/simulation/setting.ts";
import { type BrokenVerdict, shrink } from "../../lab/simulation/shrink.ts";
import { simulate } from "../../lab/simulation/simulate.ts";
import { tellFailure } from "../../lab/simulation/tell-failure.ts";

export interface SimulationJob {
  readonly seed: number;
  /** What is not drawn. */
  readonly given: Partial<Omit<Setting, "seed" | "faults">> & { readonly faults?: readonly FaultKind[] };
}

export interface Simulated {
  readonly seed: number;
  readonly steps: number;
  readonly failure: SimulatedFailure | undefined;
}

export interface SimulatedFailure {
  readonly verdict: BrokenVerdict;
  readonly command: string;
  readonly told: readonly string[];
}

export async function simulateInThread({ seed, given }: SimulationJob): Promise<Simulated> {
  const verdict = await simulate(drawSetting(seed, given));
  const failure = verdict.kind === "broken" ? failureOf(verdict) : undefined;
  return { seed, steps: verdict.steps, failure };
}

export async function shrinkInThread(verdict: BrokenVerdict): Promise<SimulatedFailure> {
  return failureOf((await shrink(verdict)).verdict);
}

function failureOf(verdict: BrokenVerdict): SimulatedFailure {
  return { verdict, command: commandOf(verdict.setting), told: tellFailure(verdict) };
}
