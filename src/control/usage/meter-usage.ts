// What goes into usage records: at every tick what VMs had and used since the last one, cut at whole hours; between ticks what was
// lent and held before it changes. The terms of a piece are those that were in force when its tick began.
import { type Instant, instant } from "../../model/time.ts";
import { endsAnHour, hourPieces, type TimePiece, totalWithin } from "../../pricing/hour-pieces.ts";
import { quantaOf } from "../../pricing/usage-quantity.ts";
import type { CellState } from "../cell-state.ts";
import { resourceOf } from "../series.ts";
import type { TickInput } from "../tick-input.ts";
import { closeChangedTerms, closeHour } from "./close-usage.ts";
import { learnTail, shareBuffers } from "./share-buffers.ts";
import { isActedFor } from "./usage-memory.ts";

/** Call it with what was in force until `now`, before that changes. */
export function meterTick(state: CellState, { demand, used, now }: Pick<TickInput, "demand" | "used" | "now">): void {
  const { usage } = state;
  const over = { from: usage.tickedAt, to: usage.heldUntil };
  const to = Math.round(now);
  const seen = lookAtTick(state, { demand, used: used ?? demand });
  const shares = shareBuffers(state);
  for (const piece of hourPieces({ from: usage.tickedAt, to })) {
    meterVms(state, { seen, piece, over });
    shares(piece, over);
    meterHandOverPiece(state, piece);
    if (endsAnHour(piece)) closeHour(state, instant(piece.to));
  }
  usage.shortSince.fill(Number.NaN);
  learnTail(state, seen.excess);
  keepRest(usage, { over, to });
  closeChangedTerms(state, instant(to));
}

/** What was read after the end of the tick, by the fast path or a command, is of the next one. */
function keepRest(usage: CellState["usage"], { over, to }: { readonly over: TimePiece; readonly to: number }): void {
  const counted = { over, piece: { from: over.from, to } };
  const isAhead = over.to > to;
  for (const column of [usage.lent, usage.held])
    for (let index = 0; index < column.length; index++) {
      const total = column[index] as number;
      column[index] = isAhead ? total - totalWithin(total, counted) : 0;
    }
  usage.tickedAt = to;
  usage.heldUntil = Math.max(over.to, to);
}

/** Between two ticks, before what is lent and held changes. */
export function meterHeld({ usage, layout, allocations, buffers }: CellState, now: Instant): void {
  const until = Math.round(now);
  const lasts = until - usage.heldUntil;
  if (lasts <= 0) return;
  for (let series = 0; series < allocations.length; series++)
    usage.lent[series] = (usage.lent[series] as number) + lasts * lentQuanta({ layout, allocations }, series);
  for (let place = 0; place < buffers.length; place++)
    usage.held[place] = (usage.held[place] as number) + lasts * quantaOf(resourceOf(place), buffers[place] as number);
  usage.heldUntil = until;
}

/** The fast path had too little for it: until the next tick it counts as short. */
export function meterScarce({ usage }: CellState, series: number, now: Instant): void {
  if (Number.isNaN(usage.shortSince[series])) usage.shortSince[series] = Math.max(Math.round(now), usage.tickedAt);
}

function lentQuanta({ layout, allocations }: Pick<CellState, "layout" | "allocations">, series: number): number {
  const resource = resourceOf(series);
  const base = quantaOf(resource, layout.base[series] as number);
  return Math.max(quantaOf(resource, allocations[series] as number) - base, 0);
}

/** In quanta, as whole columns. */
interface SeenTick {
  /** [series] -1: not seen. */
  readonly demand: Float64Array;
  /** [series] at most what was asked for. */
  readonly used: Float64Array;
  /** [series] beyond what it had, of those who are acted for. */
  readonly excess: Float64Array;
  /** [place] 1: they needed more than the buffer. */
  readonly isShort: Uint8Array;
}

function lookAtTick(
  state: CellState,
  { demand, used }: { readonly demand: Float64Array; readonly used: Float64Array },
): SeenTick {
  const { layout, allocations, buffers, usage } = state;
  const quanta = new Float64Array(demand.length);
  const usedQuanta = new Float64Array(demand.length);
  const excess = new Float64Array(demand.length);
  const needed = new Float64Array(buffers.length);
  for (let series = 0; series < demand.length; series++) {
    const asked = demand[series] as number;
    const resource = resourceOf(series);
    quanta[series] = Number.isNaN(asked) ? -1 : quantaOf(resource, asked);
    const seen = used[series] as number;
    usedQuanta[series] = quantaOf(resource, Number.isNaN(seen) ? asked : Math.min(seen, asked));
    if (!isActedFor(usage, series)) continue;
    const above = (quanta[series] as number) - quantaOf(resource, allocations[series] as number);
    if (above <= 0) continue;
    excess[series] = above;
    const place = placeOf(layout.hostOfVm, series);
    needed[place] = (needed[place] as number) + above;
  }
  const isShort = Uint8Array.from(needed, (need, place) =>
    need > quantaOf(resourceOf(place), buffers[place] as number) ? 1 : 0,
  );
  return { demand: quanta, used: usedQuanta, excess, isShort };
}

const placeOf = (hostOfVm: Int32Array, series: number): number =>
  (hostOfVm[Math.floor(series / 4)] as number) * 4 + (series % 4);

interface MeteredPiece {
  readonly seen: SeenTick;
  readonly piece: TimePiece;
  /** Time in which what was lent is known as a total only. */
  readonly over: TimePiece;
}

function meterVms(state: CellState, { seen, piece, over }: MeteredPiece): void {
  const { layout, allocations, usage } = state;
  const { open } = usage;
  const lasts = piece.to - piece.from;
  const since = Math.max(piece.to - Math.max(piece.from, over.to), 0);
  for (let series = 0; series < allocations.length; series++) {
    const resource = resourceOf(series);
    const base = quantaOf(resource, layout.base[series] as number);
    const had = quantaOf(resource, allocations[series] as number);
    const used = Math.min(seen.used[series] as number, had);
    const before = over.to > piece.from ? totalWithin(usage.lent[series] as number, { over, piece }) : 0;
    add(open.base, series, base * lasts);
    add(open.leased, series, before + Math.max(had - base, 0) * since);
    add(open.used, series, used * lasts);
    add(open.over, series, Math.max(used - base, 0) * lasts);
    meterPromise(state, { seen, piece, series, base });
  }
}

/** What the promise is measured by: how long more than the base was asked for, and how long it was not there. */
function meterPromise(
  { usage, layout }: CellState,
  {
    seen,
    piece,
    series,
    base,
  }: Pick<MeteredPiece, "seen" | "piece"> & { readonly series: number; readonly base: number },
): void {
  const { open, shortSince } = usage;
  const lasts = piece.to - piece.from;
  const asked = seen.demand[series] as number;
  // Where the mean of the tick does not show it, what the fast path could not give counts all the same.
  const isAbove = (seen.excess[series] as number) > 0;
  const begun = isAbove || !isActedFor(usage, series) ? Number.NaN : (shortSince[series] as number);
  const scarce = begun < piece.to ? piece.to - Math.max(piece.from, begun) : 0;
  if (asked < 0) add(open.unseen, series, lasts);
  add(open.burst, series, asked > base ? lasts : scarce);
  add(open.short, series, scarce);
  if (isAbove) add(seen.isShort[placeOf(layout.hostOfVm, series)] === 1 ? open.short : open.late, series, lasts);
}

function add(column: Float64Array, index: number, amount: number): void {
  column[index] = (column[index] as number) + amount;
}

/** Hand-overs are announced and end at ticks: what is known now was known since the last one. */
function meterHandOverPiece({ handOvers, usage }: CellState, piece: TimePiece): void {
  for (const { handOver, size } of handOvers.open.values()) {
    const { state, workload, customer } = handOver;
    if (state !== "announced" && state !== "serving" && state !== "draining") continue;
    const known = usage.handOvers.get(workload) ?? { customer, openedAt: piece.from, amounts: new Float64Array(4) };
    usage.handOvers.set(workload, known);
    for (let index = 0; index < known.amounts.length; index++)
      add(known.amounts, index, quantaOf(resourceOf(index), size[resourceOf(index)]) * (piece.to - piece.from));
  }
}
