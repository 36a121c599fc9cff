// How clear it is what the largest demand of a stretch of ticks was: one byte a series while the stretch lasts.

const AT_LEAST = 0x80;
const COUNT = 0x7f;

export interface TickClarity {
  /** A sample came that can be learned from. */
  readonly isKnown: boolean;
  /** The machine was held back: it wanted at least this. */
  readonly isAtLeast: boolean;
}

export function noteClarity(unclear: Uint8Array, series: number, { isKnown, isAtLeast }: TickClarity): void {
  const before = unclear[series] as number;
  if (!isKnown && (before & COUNT) < COUNT) unclear[series] = before + 1;
  if (isAtLeast) unclear[series] = before | AT_LEAST;
}

/** Up to a quarter of the ticks may be missing: what is held in their place serves as well. */
export function isUnknown(unclear: Uint8Array, series: number, ticks: number): boolean {
  return 4 * ((unclear[series] as number) & COUNT) > ticks;
}

export function isAtLeast(unclear: Uint8Array, series: number): boolean {
  return ((unclear[series] as number) & AT_LEAST) !== 0;
}
