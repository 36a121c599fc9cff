// What a cell knows of the world outside its samples: what was declared, which events are in sight, what past ones did, and what
// sort of work each VM seems to do. Changed in place, tick by tick; equal inputs give equal bits.
import type { ExternalEvent } from "../../model/event.ts";
import { type EventEffect, type EventEffects, emptyEffects } from "../../signals/event-effects.ts";
import type { CellLayout } from "../cell-layout.ts";
import { type Declarations, NOTHING_DECLARED } from "../ports.ts";
import type { ClassGuess } from "./classify-vms.ts";
import type { WorkloadDiary } from "./workload-diary.ts";

export interface CellSignals {
  /** As said last. */
  declared: Declarations;
  /** By id. */
  followed: readonly FollowedEvent[];
  /** End of the tick after which they were looked at last. */
  followedAt: number;
  /** What events did, learned from those that are over. */
  readonly effects: EventEffects;
  /** By workload: its demand of the last weeks, to measure events against. */
  readonly diaries: Map<number, WorkloadDiary>;
  /** Waiting for their turn. */
  readonly lessons: Lesson[];
  /** Id of every event that was learned from, or waits to be, with the end of its reach: never twice. */
  readonly learned: Map<string, number>;
  /** [vm] undefined until there is enough to look at. */
  readonly guesses: (ClassGuess | undefined)[];
}

/** An event in sight, and what it is taken to do to each workload that it touches. */
export interface FollowedEvent {
  /** It counts for whole ticks: from the begin of the one that it starts in to the end of the one that it ends in. */
  readonly event: ExternalEvent;
  /** Ascending. */
  readonly workloads: readonly number[];
  /** By workload, [resource]; worked out when first asked for. */
  readonly effects: Map<number, readonly EventEffect[]>;
}

/** What one event did to one workload. */
export interface Lesson {
  readonly event: ExternalEvent;
  readonly workload: number;
}

export function createCellSignals({ vmIds }: CellLayout): CellSignals {
  return {
    declared: NOTHING_DECLARED,
    followed: [],
    followedAt: Number.NEGATIVE_INFINITY,
    effects: emptyEffects(),
    diaries: new Map(),
    lessons: [],
    learned: new Map(),
    guesses: vmIds.map(() => undefined),
  };
}
