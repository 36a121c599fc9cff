// Whole histories of many series side by side, as training reads them: gaps held, and the log scale of every tick known.
import { assert } from "../../model/result.ts";
import { type Instant, instant } from "../../model/time.ts";
import { createDemandHistory, type DemandHistory, writeDemand } from "../demand-history.ts";
import { type Moment, type SeasonTicks, seasonTicks } from "../season-ticks.ts";
import { slidingMaximum } from "../sliding-maximum.ts";

export interface DemandPanel {
  readonly startMs: Instant;
  readonly stepMs: number;
  readonly season: SeasonTicks;
  readonly seriesCount: number;
  readonly ticks: number;
  /** [series x tick], base units: the value before stands where no sample is known. */
  readonly history: DemandHistory;
  /** [series x (ticks + 1)] unit of the log scale just before each tick: the largest value of the 7 days before, or the floor. */
  readonly scales: Float32Array;
  /** [series] first tick with a sample; `ticks` when there is none. */
  readonly firstKnown: Int32Array;
  /** [series] place of its resource in RESOURCES. */
  readonly resources: Uint8Array;
  /** [series] > 0, base units. */
  readonly floors: Float64Array;
  /** [series x 3] the other resources of the same VM; -1 where there is none. */
  readonly siblings: Int32Array;
}

export interface PanelSource {
  readonly startMs: number;
  readonly stepMs: number;
  /** Base units, >= 0, NaN = gap; all of one length. */
  readonly values: readonly ArrayLike<number>[];
  readonly resources: readonly number[];
  readonly floors: ArrayLike<number>;
  readonly siblings?: readonly (readonly number[] | undefined)[];
  /** The fixed size of the VM, base units, where it is known: tells what its usage means. */
  readonly ceilings?: readonly (number | undefined)[];
}

export const SIBLING_COUNT = 3;

export function demandPanel(source: PanelSource): DemandPanel {
  const seriesCount = source.values.length;
  const ticks = source.values[0]?.length ?? 0;
  const season = seasonTicks(source.stepMs);
  const history = createDemandHistory({ length: ticks, floors: source.floors });
  const scales = new Float32Array(seriesCount * (ticks + 1));
  const firstKnown = new Int32Array(seriesCount).fill(ticks);
  for (const [series, values] of source.values.entries()) {
    assert(values.length === ticks, `a panel has series of one length: ${values.length} for ${ticks}`);
    const largest = slidingMaximum([season.week]);
    const maxima = new Float64Array(1);
    const floor = source.floors[series] ?? 0;
    scales[series * (ticks + 1)] = floor;
    let held = 0;
    for (let tick = 0; tick < ticks; tick++) {
      const value = values[tick] as number;
      if (!Number.isNaN(value)) held = value;
      if (!Number.isNaN(value) && firstKnown[series] === ticks) firstKnown[series] = tick;
      writeDemand(history, { series, tick }, held);
      largest.observe(held);
      largest.maxima(maxima);
      scales[series * (ticks + 1) + tick + 1] = Math.max(floor, maxima[0] as number);
    }
  }
  return {
    startMs: instant(source.startMs),
    stepMs: source.stepMs,
    season,
    seriesCount,
    ticks,
    history,
    scales,
    firstKnown,
    resources: Uint8Array.from(source.resources),
    floors: Float64Array.from(source.floors),
    siblings: siblingsOf(source, seriesCount),
  };
}

/** One series just before tick `next`, as the engine would see it live. `samplesMax` makes it forget what lies further back. */
export function momentOf(
  panel: DemandPanel,
  at: { readonly series: number; readonly next: number; readonly samplesMax?: number },
): Moment {
  const { series, next } = at;
  const known = next - (panel.firstKnown[series] ?? 0);
  return {
    series,
    next,
    samples: Math.min(known, at.samplesMax ?? known),
    scale: panel.scales[series * (panel.ticks + 1) + next] as number,
    history: panel.history,
    season: panel.season,
  };
}

function siblingsOf(source: PanelSource, seriesCount: number): Int32Array {
  const siblings = new Int32Array(seriesCount * SIBLING_COUNT).fill(-1);
  for (let series = 0; series < seriesCount; series++)
    for (const [place, other] of (source.siblings?.[series] ?? []).slice(0, SIBLING_COUNT).entries())
      siblings[series * SIBLING_COUNT + place] = other;
  return siblings;
}
