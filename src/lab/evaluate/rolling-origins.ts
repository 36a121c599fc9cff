// When forecasts are made in an evaluation: spread over the later part of a series and over all times of its season.

/** Fractional parts of its multiples are spread evenly however many are taken: no two origins share a time of day. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * `count` ticks in [from, to], one in each of as many equal stretches, ascending, none twice. Origins at equal distances
 * could all fall on the same time of day; in each stretch the place is that of the golden-ratio sequence (Kuipers &
 * Niederreiter, Uniform Distribution of Sequences, 1974).
 */
export function rollingOrigins({ from, to, count }: { from: number; to: number; count: number }): number[] {
  if (to < from) return [];
  const width = (to - from + 1) / count;
  const origins = Array.from({ length: count }, (_, index) => {
    const place = ((index + 1) * GOLDEN) % 1;
    return Math.min(to, Math.floor(from + (index + place) * width));
  });
  return [...new Set(origins)];
}
