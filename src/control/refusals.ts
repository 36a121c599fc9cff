// Changes that were wished in this tick and not made, and what stood in their way: columns, so that a cell in which nothing may
// be changed costs no more than any other.
import type { CellLayout } from "./cell-layout.ts";

/** What stands in the way. "guardrail": its sentence is asked of the guardrails when the record is read. */
export const OBSTACLES = [
  "guardrail",
  "hand",
  "pressed",
  "cooling-down",
  "holding",
  "in-use",
  "no-sample",
  "not-allowed",
] as const;
export type Obstacle = (typeof OBSTACLES)[number];

export interface Refusals {
  /** [series] what was wished, base units; NaN where nothing was refused. */
  readonly wished: Float64Array;
  /** [series] index into OBSTACLES */
  readonly obstacles: Uint8Array;
  /** [place] wishes that would gain something and wait for a later tick, and the budget of this one. */
  readonly waiting: Float64Array;
  readonly budgets: Float64Array;
  /** [place] steps that were undone, since they hurt: they come out of the budget, and are never refused. */
  readonly undone: Float64Array;
}

export function createRefusals({ base, capacity }: CellLayout): Refusals {
  return {
    wished: new Float64Array(base.length).fill(Number.NaN),
    obstacles: new Uint8Array(base.length),
    waiting: new Float64Array(capacity.length),
    budgets: new Float64Array(capacity.length),
    undone: new Float64Array(capacity.length),
  };
}

export function forgetRefusals({ wished, waiting, undone }: Refusals): void {
  undone.fill(0);
  wished.fill(Number.NaN);
  waiting.fill(0);
}

export function refuse(
  { wished, obstacles }: Refusals,
  { series, amount, obstacle }: { readonly series: number; readonly amount: number; readonly obstacle: Obstacle },
): void {
  wished[series] = amount;
  obstacles[series] = OBSTACLES.indexOf(obstacle);
}

/** In words; of a guardrail the guardrails themselves know better. */
export const OBSTACLE_SENTENCES: Readonly<Record<Exclude<Obstacle, "guardrail">, string>> = {
  hand: "Somebody set it by hand: it stays so for now.",
  pressed: "It is held back at this moment: nothing is taken from it.",
  "cooling-down": "It was held back a short time ago: nothing is taken from it yet.",
  holding: "It was raised a short time ago: nothing is taken from it yet.",
  "in-use": "It uses what it has, but for its margin.",
  "no-sample": "No sample came: nothing is taken from what nobody sees.",
  "not-allowed": "Nothing may be taken from it now.",
};
