// Rolling-origin evaluation of one model on series that are forecast together. At every origin the model is given what
// was known then, cut out: samples before it, events announced by it. It cannot see more.
import { type ForecastModel, type KnownSeries, peakAfter } from "../../forecast/forecast-model.ts";
import { announcedBy, type ExternalEvent } from "../../model/event.ts";
import { LEVEL_COUNT, type QuantileLevel } from "../../model/forecast.ts";
import { startOfTick, type TimeGrid } from "../../model/time.ts";
import { addWindow, noSkill, type SkillSums } from "./skill-sums.ts";
import type { Target } from "./targets.ts";
import { withCovariates } from "./with-covariates.ts";

/** Series on one grid, forecast at the same origins: the resources of a VM, say. */
export interface Panel {
  /** All that ever came, and every event that was ever announced. */
  readonly series: readonly NamedSeries[];
  /** Ticks: the forecast sees those before, and is scored from this one on. Ascending. */
  readonly origins: readonly number[];
  readonly targets: readonly Target[];
  /** Of the season that the error of "the same one season ago" is taken over, for MASE. */
  readonly seasonTicks: number;
}

export interface NamedSeries extends Omit<KnownSeries, "inProgress"> {
  readonly name: string;
  /** Series whose figures belong together: a resource. */
  readonly group: string;
}

export interface EvaluationSetting {
  readonly levels: readonly QuantileLevel[];
  readonly withEvents: boolean;
  /** After each origin. */
  readonly onOrigin?: () => void;
}

/** Of one series and target. `event` and `other` part `all` by whether an event of the calendar touches the window. */
export interface SeriesSkill {
  readonly series: string;
  readonly group: string;
  readonly target: string;
  readonly all: SkillSums;
  readonly event: SkillSums;
  readonly other: SkillSums;
  /** Mean absolute difference one season apart before the first origin; NaN without two seasons. */
  readonly naiveError: number;
}

export function evaluatePanel(panel: Panel, model: ForecastModel, setting: EvaluationSetting): SeriesSkill[] {
  const skills = panel.series.map((one) =>
    panel.targets.map((target) => ({
      ...emptySkill(one, target, setting.levels),
      naiveError: naiveErrorOf(panel, one),
    })),
  );
  for (const origin of panel.origins) {
    const fitted = model.fit(panel.series.map((one) => knownAt(one, origin, setting.withEvents)));
    panel.series.forEach((one, index) => {
      panel.targets.forEach((target, at) => {
        const rows = fitted.predict(index, target.windows);
        const skill = skills[index]?.[at];
        if (skill) score({ one, origin, target, rows, skill });
      });
    });
    setting.onOrigin?.();
  }
  return skills.flat();
}

function emptySkill(
  one: NamedSeries,
  target: Target,
  levels: readonly QuantileLevel[],
): Omit<SeriesSkill, "naiveError"> {
  const [all, event, other] = [noSkill(levels), noSkill(levels), noSkill(levels)];
  return { series: one.name, group: one.group, target: target.name, all, event, other };
}

/** Copies: what lies beyond the origin is not even in memory that the model can reach. */
function knownAt(one: NamedSeries, origin: number, withEvents: boolean): KnownSeries {
  const { name, group, ...series } = one;
  return withCovariates({
    ...series,
    grid: { ...one.grid, length: origin },
    values: one.values.slice(0, origin),
    events: withEvents ? announcedBy(one.events, startOfTick(one.grid, origin)) : [],
  });
}

interface Scoring {
  readonly one: NamedSeries;
  readonly origin: number;
  readonly target: Target;
  readonly rows: Float64Array;
  readonly skill: SeriesSkill;
}

/** A window with an unknown sample is left out: what its peak was, nobody knows. */
function score({ one, origin, target, rows, skill }: Scoring): void {
  target.windows.forEach((window, index) => {
    const actual = peakAfter(one.values, origin, window);
    if (Number.isNaN(actual)) return;
    const row = rows.subarray(index * LEVEL_COUNT, (index + 1) * LEVEL_COUNT);
    addWindow(skill.all, actual, row);
    addWindow(
      isTouched(one, { start: origin + window.from, ticks: window.ticks }) ? skill.event : skill.other,
      actual,
      row,
    );
  });
}

function isTouched({ grid, events }: { grid: TimeGrid; events: readonly ExternalEvent[] }, window: WindowAt): boolean {
  if (events.length === 0) return false;
  const [from, to] = [startOfTick(grid, window.start), startOfTick(grid, window.start + window.ticks)];
  return events.some(({ start, end }) => start < to && end > from);
}

interface WindowAt {
  readonly start: number;
  readonly ticks: number;
}

function naiveErrorOf({ origins, seasonTicks }: Panel, { values }: NamedSeries): number {
  let sum = 0;
  let pairs = 0;
  for (let tick = seasonTicks; tick < (origins[0] ?? 0); tick++) {
    const difference = Math.abs((values[tick] as number) - (values[tick - seasonTicks] as number));
    if (Number.isNaN(difference)) continue;
    sum += difference;
    pairs++;
  }
  return pairs > 0 ? sum / pairs : Number.NaN;
}
