// What is added to the trend, or multiplies it: seasons as Fourier terms, and events as spans of time. A term knows its
// columns at any instant, so the same terms make the history and the forecast.
import { unreachable } from "../../model/result.ts";

export type Mode = "additive" | "multiplicative";

interface AnyTerm {
  readonly name: string;
  readonly mode: Mode;
  /** Standard deviation of the normal prior of its coefficients, as a share of the largest value. */
  readonly priorScale: number;
}

export interface Season extends AnyTerm {
  readonly kind: "season";
  readonly periodMs: number;
  /** Pairs of sine and cosine. */
  readonly order: number;
}

/** 1 within a span, 0 outside, the share of the tick that lies within at its ends. */
export interface EventTerm extends AnyTerm {
  readonly kind: "event";
  readonly spans: readonly Span[];
}

/** [startMs, endMs) */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
  /** How much of it counts, 0..1: how sure it is. */
  readonly weight: number;
}

export type Term = Season | EventTerm;

/** Ticks by their middles, ascending. A tick of length 0 is an instant. */
export interface Moments {
  readonly instants: Float64Array;
  readonly tickMs: number;
}

export function columnCount(term: Term): number {
  return term.kind === "season" ? 2 * term.order : 1;
}

/** [instants x columns of all terms] by rows. */
export function columnsAt(terms: readonly Term[], moments: Moments): Float64Array {
  const width = terms.reduce((sum, term) => sum + columnCount(term), 0);
  const columns = new Float64Array(moments.instants.length * width);
  let first = 0;
  for (const term of terms) {
    fill({ columns, width, first, moments }, term);
    first += columnCount(term);
  }
  return columns;
}

interface Block {
  readonly columns: Float64Array;
  readonly width: number;
  readonly first: number;
  readonly moments: Moments;
}

function fill(block: Block, term: Term): void {
  switch (term.kind) {
    case "season":
      fillSeason(block, term);
      break;
    case "event":
      fillEvent(block, term);
      break;
    default:
      unreachable(term);
  }
}

/** As Prophet: phases count from 1970, sine before cosine. Higher orders follow from the first by turning further. */
function fillSeason({ columns, width, first, moments }: Block, { periodMs, order }: Season): void {
  const { instants } = moments;
  for (let row = 0; row < instants.length; row++) {
    const angle = (2 * Math.PI * ((instants[row] as number) % periodMs)) / periodMs;
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    let [s, c] = [sine, cosine];
    for (let at = row * width + first; at < row * width + first + 2 * order; at += 2) {
      columns[at] = s;
      columns[at + 1] = c;
      [s, c] = [s * cosine + c * sine, c * cosine - s * sine];
    }
  }
}

function fillEvent({ columns, width, first, moments }: Block, { spans }: EventTerm): void {
  const { instants, tickMs } = moments;
  for (const span of spans) {
    for (let row = firstTickAfter(span.startMs, moments); row < instants.length; row++) {
      const share = shareWithin(span, { middle: instants[row] as number, tickMs });
      if (share === 0) break;
      const at = row * width + first;
      columns[at] = Math.min((columns[at] as number) + share * span.weight, 1);
    }
  }
}

/** The first tick that ends after `startMs`. */
function firstTickAfter(startMs: number, { instants, tickMs }: Moments): number {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = (instants[middle] as number) + tickMs / 2;
    if (end > startMs || (tickMs === 0 && end === startMs)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function shareWithin({ startMs, endMs }: Span, { middle, tickMs }: { middle: number; tickMs: number }): number {
  if (tickMs === 0) return middle >= startMs && middle < endMs ? 1 : 0;
  const overlap = Math.min(endMs, middle + tickMs / 2) - Math.max(startMs, middle - tickMs / 2);
  return Math.max(overlap, 0) / tickMs;
}
