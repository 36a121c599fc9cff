// Values in, a fitted Prophet out: what it expects at any instant, and the parts of that in numbers.
import { assert, type Result, success } from "../../model/result.ts";
import { type ModelShape, type ProphetDesign, timesAt } from "./build-design.ts";
import { exactPoint } from "./exact-optimizer.ts";
import { trendAt } from "./piecewise-trend.ts";
import { type PosteriorOptimizer, type StanData, type StanPoint, TREND_INDICATORS } from "./stan-data.ts";
import { columnCount, columnsAt, type Moments } from "./terms.ts";

export interface ProphetFit {
  readonly shape: ModelShape;
  readonly point: StanPoint;
  /** The largest absolute value: amounts within `point` are shares of it. */
  readonly scale: number;
}

/** The noise that Prophet gives a series which never moves. */
const NO_NOISE = 1e-9;

export interface FitInput {
  readonly values: Float64Array;
  readonly optimizer?: PosteriorOptimizer | undefined;
}

/**
 * `values` [T] are those of the design's moments, all known. `optimizer` is asked where the exact one does not know the
 * model: multiplicative terms, logistic trends. A failure is the optimizer's.
 */
export function fitProphet(design: ProphetDesign, { values, optimizer }: FitInput): Result<ProphetFit> {
  const { shape } = design;
  const scale = largest(values);
  const data = stanData(design, values);
  const start = startOf(data);
  if (isConstant(data)) return success({ shape, scale, point: { ...start, sigma: NO_NOISE } });
  if (design.sums !== undefined)
    return success({ shape, scale, point: settled(data, exactPoint(design.sums, data.y)) });
  assert(optimizer !== undefined, "multiplicative terms and logistic trends need an optimizer");
  const found = optimizer.optimize(data, start);
  return found.ok ? success({ shape, scale, point: settled(data, found.value) }) : found;
}

/** The whole data block of prophet.stan. */
export function stanData({ stan, shape }: ProphetDesign, values: Float64Array): StanData {
  const scale = largest(values);
  const { trend } = shape;
  const cap = trend.growth === "logistic" ? (trend.cap ?? 0) / scale : 0;
  return { ...stan, cap: new Float64Array(stan.T).fill(cap), y: values.map((value) => value / scale) };
}

/** What values are shares of. */
function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
}

/** Where Prophet starts to search: a trend from the first to the last value, and nothing else. */
export function startOf({ T, K, S, y, cap, trend_indicator }: StanData): StanPoint {
  const [first, last] = [y[0] as number, y[T - 1] as number];
  const rest = { delta: new Float64Array(S), beta: new Float64Array(K), sigma: 1 };
  switch (trend_indicator) {
    case TREND_INDICATORS.linear:
      return { k: last - first, m: first, ...rest };
    case TREND_INDICATORS.flat:
      return { k: 0, m: y.reduce((sum, value) => sum + value, 0) / T, ...rest };
    case TREND_INDICATORS.logistic: {
      const [low, high] = [logit(first, cap[0] as number), logit(last, cap[T - 1] as number)];
      // Two equal ends have no offset at which half is reached: the first is pulled down a little, as Prophet does.
      const from = Math.abs(low - high) < 0.01 ? high - 0.05 : low;
      return { k: high - from, m: -from / (high - from), ...rest };
    }
  }
}

/** Held off 0 and the cap. */
function logit(value: number, cap: number): number {
  const share = Math.min(Math.max(value / cap, 0.01), 0.99);
  return Math.log(share / (1 - share));
}

function isConstant({ y, trend_indicator }: StanData): boolean {
  return trend_indicator !== TREND_INDICATORS.logistic && y.every((value) => value === y[0]);
}

/** Where there is room for one changepoint at 0 only, it is no change but part of the rate. */
function settled({ S, t_change }: StanData, point: StanPoint): StanPoint {
  if (S !== 1 || t_change[0] !== 0) return point;
  return { ...point, k: point.k + (point.delta[0] as number), delta: new Float64Array(1) };
}

/** Moments as a design sees them; series with one design share it. */
export interface View {
  readonly t: Float64Array;
  /** [moments x columns of the design's terms] by rows. */
  readonly columns: Float64Array;
}

export function viewAt({ clock, terms }: ModelShape, moments: Moments): View {
  return { t: timesAt(clock, moments.instants), columns: columnsAt(terms, moments) };
}

/** What is expected at each moment: trend x `factor` + `added`, in units of the values. */
export interface Expectation {
  readonly trend: Float64Array;
  readonly factor: Float64Array;
  readonly added: Float64Array;
}

export function expectationAt(fit: ProphetFit, { t, columns }: View): Expectation {
  const { shape, point, scale } = fit;
  const factor = new Float64Array(t.length).fill(1);
  const added = new Float64Array(t.length);
  const width = columns.length / t.length;
  let first = 0;
  for (const term of shape.terms) {
    const last = first + columnCount(term);
    for (let row = 0; row < t.length; row++) {
      let effect = 0;
      for (let column = first; column < last; column++)
        effect += (columns[row * width + column] as number) * (point.beta[column] as number);
      if (term.mode === "additive") added[row] = (added[row] as number) + effect * scale;
      else factor[row] = (factor[row] as number) + effect;
    }
    first = last;
  }
  return { trend: trendOf(fit, t), factor, added };
}

/** [t] in units of the values. */
export function trendOf({ shape, point, scale }: ProphetFit, t: Float64Array): Float64Array {
  const { growth, cap = 0 } = shape.trend;
  const caps = new Float64Array(t.length).fill(cap / scale);
  const curve = { ...point, t_change: shape.t_change, trend_indicator: TREND_INDICATORS[growth] };
  const trend = trendAt({ t, cap: caps }, curve);
  for (let row = 0; row < trend.length; row++) trend[row] = (trend[row] as number) * scale;
  return trend;
}

/** [moments] in units of the values. */
export function expectedAt({ trend, factor, added }: Expectation): Float64Array {
  return trend.map((level, row) => level * (factor[row] as number) + (added[row] as number));
}
