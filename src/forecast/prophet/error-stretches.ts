// The errors of the past as errors of the future: whole stretches of them, so that what comes in runs comes in runs
// again and the largest of a window is as large as it really gets.

export interface StretchSetting {
  /** Stretches wanted; fewer when the history has no more. */
  readonly count: number;
  readonly ticksPerDay: number;
  /** Stretches start within so many ticks of the origin's time of day. */
  readonly aroundTicks: number;
}

export interface Stretches {
  readonly count: number;
  /** Position in the history at which a stretch starts: a moment like the origin. */
  start(stretch: number): number;
  /** Position `ahead` ticks later. */
  at(stretch: number, ahead: number): number;
}

/**
 * Circular block bootstrap (Politis & Romano, "A circular block-resampling procedure for stationary data", 1992) of one
 * block a path. The ring is the last whole number of days, so that errors keep their time of day: scheduled spikes stay
 * where they are. `history` in ticks, its end is the origin.
 */
export function errorStretches(history: number, { count, ticksPerDay, aroundTicks }: StretchSetting): Stretches {
  const days = Math.floor(history / ticksPerDay);
  const [ring, turn] = days >= 2 ? [days * ticksPerDay, ticksPerDay] : [history, 1];
  const around = Math.min(aroundTicks, Math.floor((turn - 1) / 2));
  const width = 2 * around + 1;
  const candidates = (ring / turn) * width;
  const kept = Math.min(count, candidates);
  const offset = history - ring;
  const inRing = Int32Array.from({ length: kept }, (_, index) => {
    const candidate = Math.floor((index * candidates) / kept);
    return (Math.floor(candidate / width) * turn + (candidate % width) - around + ring) % ring;
  });
  return {
    count: kept,
    start: (stretch) => offset + (inRing[stretch] as number),
    at: (stretch, ahead) => offset + (((inRing[stretch] as number) + ahead) % ring),
  };
}
