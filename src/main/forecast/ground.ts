// What a forecast of one series rests on: how much was seen, how old the last of it is, and how much a profile still counts.
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import type { ForecastGround } from "../../model/forecast-report.ts";
import { HOUR_MS } from "../../model/time.ts";
import { knownTicks, profileShareOf } from "./blend-profile.ts";

/** `isSilent`: the samples are too few for any model, so that a profile, if there is one, speaks alone. */
export function groundOf(one: KnownSeries, isSilent: boolean): ForecastGround {
  const { grid, values } = one;
  const known = knownTicks(one);
  const last = values.findLastIndex((value) => !Number.isNaN(value));
  const facts = {
    hours: (known * grid.stepMs) / HOUR_MS,
    ticks: grid.length,
    missing: grid.length - known,
    hoursSinceSample: last < 0 ? 0 : ((grid.length - 1 - last) * grid.stepMs) / HOUR_MS,
    profileShare: isSilent ? Math.sign(profileShareOf(one)) : profileShareOf(one),
  };
  return { ...facts, sentence: sentenceOf(facts) };
}

/** "7 h of history, 3 samples missing, none for 2 h; profile 70 %, samples 30 %." */
function sentenceOf(facts: Omit<ForecastGround, "sentence">): string {
  const { hours, missing, hoursSinceSample, profileShare } = facts;
  const parts = [
    hours === 0 ? "No history" : `${timeOf(hours)} of history`,
    ...(missing > 0 ? [`${missing} ${missing === 1 ? "sample" : "samples"} missing`] : []),
    ...(hoursSinceSample > 0 ? [`none for ${timeOf(hoursSinceSample)}`] : []),
  ];
  const share = Math.round(100 * profileShare);
  const profile = share > 0 ? `; profile ${share} %, samples ${100 - share} %` : "";
  return `${parts.join(", ")}${profile}.`;
}

function timeOf(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`;
}
