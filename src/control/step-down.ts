// How far one series may move towards an amount at this tick, by what its guest was seen to do.
import { MARKS } from "../forecast/demand-record/sample-kind.ts";
import { isPressed } from "../shaping/pressure.ts";
import type { CellState } from "./cell-state.ts";
import { resourceOf, vmOf } from "./series.ts";
import { planStep, stay, stepTowards, type TakeBack, type TakeBackStep } from "./take-back.ts";
import type { TickInput } from "./tick-input.ts";

export type Guest = Pick<TickInput, "demand" | "marks">;
type Columns = Pick<CellState, "layout" | "descents" | "permissions">;

interface Move {
  readonly series: number;
  /** What it has. */
  readonly from: number;
  readonly wanted: number;
}

/** Where the plan may bring it; changes nothing. `atOnce`: not in steps, whatever the resource. */
export function plannedStep(columns: Columns, guest: Guest, move: Move & { readonly atOnce: boolean }): TakeBackStep {
  return planStep(columns.descents, { ...takeBackOf(columns, guest, move), atOnce: move.atOnce });
}

/** Where it can be brought gracefully when no buffer stands behind it; changes nothing. */
export function stepOf(columns: Columns, guest: Guest, move: Move): TakeBackStep {
  return stepTowards(columns.descents, takeBackOf(columns, guest, move));
}

/** The tick of a series that keeps what it has; returns the way back where its last step is to be undone. */
export function stayAt(
  columns: Columns,
  guest: Guest,
  { series, from }: Omit<Move, "wanted">,
): TakeBackStep | undefined {
  return stay(columns.descents, takeBackOf(columns, guest, { series, from, wanted: from }));
}

function takeBackOf(
  { layout, permissions }: Columns,
  { demand, marks }: Guest,
  { series, from, wanted }: Move,
): TakeBack {
  const mark = marks === undefined ? 0 : (marks[series] as number);
  const usage = Math.min(demand[series] as number, from);
  const flagged = (mark & MARKS.atLeast) !== 0;
  return {
    series,
    amount: from,
    wanted,
    base: layout.base[series] as number,
    usage,
    pressed: isPressed(resourceOf(series), { usage, allocation: from, flagged }),
    mayTake: permissions.mayShrink[vmOf(series)] === 1,
    isOff: (mark & MARKS.off) !== 0,
  };
}
