// Which windows a forecast is about: those that an evaluation scores, so that what is forecast is what was measured.
import type { Window } from "../../forecast/forecast-model.ts";
import { targetsOf } from "../../lab/evaluate/targets.ts";
import type { WindowKind } from "../../model/forecast-report.ts";
import type { Horizon } from "../../model/skill-report.ts";
import { DAY_MS } from "../../model/time.ts";

export interface AskedWindow extends Window {
  readonly kind: WindowKind;
}

interface Question {
  readonly stepMs: number;
  /** Left out: half an hour and a day where ticks are shorter than a day, else 30 days. */
  readonly horizons?: readonly Horizon[] | undefined;
  /** Also every tick of the horizons. */
  readonly hasPath: boolean;
}

/** What is measured as the windows of one target, by its name; steps are ticks. */
const PEAKS: Readonly<Record<string, WindowKind>> = {
  "30m-peak": "peak-30m",
  "24h-peaks": "peak-1h",
  "30d": "peak-1d",
};

/** None twice: the next ticks, then the peaks. Empty where the ticks do not fit into any of the horizons. */
export function askedWindows({ stepMs, horizons, hasPath }: Question): AskedWindow[] {
  const asked = horizons ?? (stepMs < DAY_MS ? ["30m", "24h"] : ["30d"]);
  const targets = targetsOf(stepMs, asked);
  const hasPeaks = targets.some(({ name }) => name === "24h-peaks");
  const wanted = targets.filter(({ name }) => name !== "24h" || hasPath || !hasPeaks);
  const windows = wanted.flatMap((target) =>
    target.windows.map((window) => ({ ...window, kind: kindOf(window, target.name) })),
  );
  return [...new Map(windows.map((window) => [`${window.from} ${window.ticks}`, window])).values()];
}

function kindOf({ ticks }: Window, target: string): WindowKind {
  return ticks === 1 ? "tick" : (PEAKS[target] ?? "tick");
}
