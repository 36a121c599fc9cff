// The trend of Prophet at ascending times: piecewise linear, piecewise logistic or flat.
import { unreachable } from "../../model/result.ts";
import type { StanData, StanPoint } from "./stan-data.ts";
import { TREND_INDICATORS } from "./stan-data.ts";

export type TrendCurve = Pick<StanData, "t_change" | "trend_indicator"> & Pick<StanPoint, "k" | "m" | "delta">;

/** `t` ascends; `cap` is as long and read for a logistic trend only. */
export interface TrendTimes {
  readonly t: Float64Array;
  readonly cap: Float64Array;
}

/** [t] the trend on the scale of y. */
export function trendAt(times: TrendTimes, curve: TrendCurve): Float64Array {
  switch (curve.trend_indicator) {
    case TREND_INDICATORS.linear:
      return linear(times.t, curve);
    case TREND_INDICATORS.logistic:
      return logistic(times, curve);
    case TREND_INDICATORS.flat:
      return new Float64Array(times.t.length).fill(curve.m);
    default:
      return unreachable(curve.trend_indicator);
  }
}

function linear(t: Float64Array, { t_change, k, m, delta }: TrendCurve): Float64Array {
  const trend = new Float64Array(t.length);
  let [rate, offset, next] = [k, m, 0];
  for (let row = 0; row < t.length; row++) {
    const time = t[row] as number;
    for (; next < t_change.length && time >= (t_change[next] as number); next++) {
      rate += delta[next] as number;
      offset -= (delta[next] as number) * (t_change[next] as number);
    }
    trend[row] = rate * time + offset;
  }
  return trend;
}

/** At each changepoint the offset moves so that the curve has no jump. */
function logistic({ t, cap }: TrendTimes, { t_change, k, m, delta }: TrendCurve): Float64Array {
  const trend = new Float64Array(t.length);
  let [rate, offset, next] = [k, m, 0];
  for (let row = 0; row < t.length; row++) {
    const time = t[row] as number;
    for (; next < t_change.length && time >= (t_change[next] as number); next++) {
      const faster = rate + (delta[next] as number);
      offset += ((t_change[next] as number) - offset) * (1 - rate / faster);
      rate = faster;
    }
    trend[row] = (cap[row] as number) / (1 + Math.exp(-rate * (time - offset)));
  }
  return trend;
}
