// Local regression: at each place a straight line through its nearest neighbours, the nearer the heavier.

export interface LoessSetting {
  /** Neighbours that count; more than there are values makes the line stiffer. */
  readonly window: number;
  /** The line is fitted at every so many places, and drawn straight between them. */
  readonly jump: number;
}

/**
 * `loess(values)[k]` = the smooth at place `first + k`, for `count` places; places outside the values are extrapolated.
 * Degree 1, tricube weights: Cleveland, "Robust locally weighted regression and
 * smoothing scatterplots", JASA 74, 1979, on equally spaced places as in Cleveland et al. 1990. O(count / jump x window).
 */
export function loess(
  values: ArrayLike<number>,
  places: { readonly first: number; readonly count: number },
  setting: LoessSetting,
): Float64Array {
  const smooth = new Float64Array(places.count);
  const last = places.count - 1;
  let before = 0;
  for (let at = 0; at <= last; at = at === last ? last + 1 : Math.min(at + setting.jump, last)) {
    smooth[at] = lineAt(values, places.first + at, setting);
    const step = ((smooth[at] as number) - (smooth[before] as number)) / Math.max(1, at - before);
    for (let between = before + 1; between < at; between++) smooth[between] = (smooth[between - 1] as number) + step;
    before = at;
  }
  return smooth;
}

function lineAt(values: ArrayLike<number>, place: number, { window }: LoessSetting): number {
  const count = Math.min(window, values.length);
  const from = Math.min(Math.max(Math.round(place - (count - 1) / 2), 0), values.length - count);
  const reach = Math.max(place - from, from + count - 1 - place) + (window > count ? (window - count) / 2 : 0);
  let total = 0;
  let meanPlace = 0;
  let meanValue = 0;
  let squares = 0;
  let products = 0;
  for (let at = from; at < from + count; at++) {
    const distance = reach > 0 ? Math.abs(at - place) / reach : 0;
    const near = 1 - distance * distance * distance;
    const weight = near * near * near;
    if (!(weight > 0)) continue;
    // Running weighted means and sums of squares, so that large places lose no digits.
    total += weight;
    const part = weight / total;
    const placeStep = at - meanPlace;
    const valueStep = (values[at] as number) - meanValue;
    meanPlace += part * placeStep;
    meanValue += part * valueStep;
    squares += weight * placeStep * (at - meanPlace);
    products += weight * placeStep * ((values[at] as number) - meanValue);
  }
  if (total === 0) return Number.NaN;
  // A line through what lies all at one side of the place would swing: then the mean will do.
  return squares > 1e-6 * total ? meanValue + (products / squares) * (place - meanPlace) : meanValue;
}
