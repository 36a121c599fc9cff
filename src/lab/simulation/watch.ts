// Whoever watches a simulation: shows every invariant what just happened, and keeps the first that is broken together with
// what was decided before it.
import type { CellLayout } from "../../control/cell-layout.ts";
import type { CellState } from "../../control/cell-state.ts";
import type { RunningCell } from "../../control/loop.ts";
import type { Action, ActionOutcome } from "../../model/action.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import type { Instant } from "../../model/time.ts";
import { hashOf } from "./cell-memory.ts";
import { allInvariants } from "./invariants/all-invariants.ts";
import type { Between, Decided, Invariant, SeenMachines } from "./invariants/invariant.ts";
import { calmFrom } from "./setting.ts";
import { type Moved, tickNow, type World } from "./world.ts";

export interface Broken {
  readonly invariant: string;
  /** With the numbers. */
  readonly sentence: string;
  readonly tick: number;
  readonly at: Instant;
  /** The last ones before it, oldest first. */
  readonly records: readonly DecisionRecord[];
}

export interface Watch {
  decided(decided: Omit<Decided, keyof SeenMachines> | Omit<Between, keyof SeenMachines>): void;
  sent(action: Action): void;
  moved(moved: Moved): void;
  /** The cell goes on in another layout. */
  laidAnew(before: CellLayout, state: CellState): void;
  tickDone(cell: RunningCell, outcomes: readonly ActionOutcome[]): void;
  /** Only the first counts: what comes after it may be its consequence. */
  report(invariant: string, sentence: string): void;
  broken(): Broken | undefined;
  steps(): number;
  /** A hash of all that was decided. */
  said(): number;
}

const RECORDS_KEPT = 20;

export function createWatch(world: World, state: CellState): Watch {
  const invariants = allInvariants(state);
  const calm = calmFrom(world.setting);
  const kept = { broken: undefined as Broken | undefined, records: [] as DecisionRecord[], steps: 0, said: 0 };
  const report = (invariant: string, sentence: string): void => {
    const { records } = kept;
    kept.broken ??= { invariant, sentence, tick: tickNow(world), at: world.clock.now(), records };
  };
  const show = (check: (invariant: Invariant) => string | undefined): void => {
    for (const invariant of invariants) {
      const sentence = kept.broken === undefined ? check(invariant) : undefined;
      if (sentence !== undefined) report(invariant.name, sentence);
    }
  };
  const look = (): SeenMachines => ({
    at: world.clock.now(),
    machines: world.fleet.machines(),
    unsure: world.unsure,
    failed: world.failed,
  });
  return {
    decided(decided) {
      kept.steps++;
      kept.said = hashOf([kept.said, decided.actions, decided.records]);
      kept.records = [...kept.records, ...decided.records].slice(-RECORDS_KEPT);
      const seen = look();
      show((each) =>
        decided.kind === "tick" ? each.onDecided?.({ ...seen, ...decided }) : each.onBetween?.({ ...seen, ...decided }),
      );
    },
    sent: (action) => show((each) => each.onSent?.(action)),
    moved(moved) {
      const seen = moved.kind === "applied" ? { ...look(), at: moved.outcome.at, machines: moved.machines } : look();
      show((each) => each.onMachines?.(seen));
      if (moved.kind !== "applied") return;
      show((each) => each.onApplied?.({ ...seen, ...moved }));
    },
    laidAnew(before, state) {
      for (const each of invariants) each.onLaidAnew?.(before, state);
    },
    tickDone(cell, outcomes) {
      const notDone = outcomes.filter(({ kind }) => kind === "failed");
      const done = { ...look(), cell, notDone, calmTicks: tickNow(world) - calm };
      show((each) => each.onTickDone?.(done));
    },
    report,
    broken: () => kept.broken,
    steps: () => kept.steps,
    said: () => kept.said,
  };
}
