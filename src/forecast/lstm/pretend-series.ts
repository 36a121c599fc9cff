// One series of a panel as if something else had happened to it: its demand was multiplied for a while, or it is younger than it is.
// Until that is taken back, whoever reads the panel sees one world: the history, and the scales that follow from it.
import { readDemand, writeDemand } from "../demand-history.ts";
import { slidingMaximum } from "../sliding-maximum.ts";
import type { DemandPanel } from "./demand-panel.ts";

export interface Pretence {
  readonly series: number;
  readonly lift?: Lift | undefined;
  /** Its first sample comes in this tick. Whoever reads earlier ones must not mind them. */
  readonly bornAt?: number | undefined;
  /** Scales before this tick follow; the later ones are not going to be read. */
  readonly scalesTo: number;
}

/** Of the ticks [from, to). */
export interface Lift {
  readonly from: number;
  readonly to: number;
  /** What demand of a tick is multiplied with, > 0. */
  readonly factorAt: (tick: number) => number;
}

/** Returns what takes it back; of several on one series the last comes first. */
export function pretend(panel: DemandPanel, pretence: Pretence): () => void {
  const takeBack = pretence.lift && liftDemand(panel, pretence.series, pretence.lift);
  const setBack = rescale(panel, pretence);
  return () => {
    setBack();
    takeBack?.();
  };
}

function liftDemand({ history, ticks }: DemandPanel, series: number, lift: Lift): () => void {
  const [from, to] = [Math.max(0, lift.from), Math.min(ticks, lift.to)];
  const first = series * history.length + from;
  const codes = history.codes.slice(first, Math.max(first, series * history.length + to));
  for (let tick = from; tick < to; tick++)
    writeDemand(history, { series, tick }, readDemand(history, series, tick) * lift.factorAt(tick));
  return () => history.codes.set(codes, first);
}

/** The scale before a tick follows from the week before it, or from as much of it as the series is old. */
function rescale(panel: DemandPanel, { series, lift, bornAt, scalesTo }: Pretence): () => void {
  const { history, scales, season, ticks, floors } = panel;
  const from = Math.max(0, bornAt ?? lift?.from ?? scalesTo);
  const first = series * (ticks + 1) + from;
  const before = scales.slice(first, Math.max(first, series * (ticks + 1) + scalesTo));
  const largest = slidingMaximum([season.week]);
  const maxima = new Float64Array(1);
  for (let tick = bornAt ?? Math.max(0, from - season.week + 1); tick < scalesTo - 1; tick++) {
    largest.observe(readDemand(history, series, tick));
    if (tick < from) continue;
    largest.maxima(maxima);
    scales[series * (ticks + 1) + tick + 1] = Math.max(floors[series] as number, maxima[0] as number);
  }
  return () => scales.set(before, first);
}
