// The score of what a customer declared of its workloads: two weeks of demand against the declared levels, hour by hour, and against
// what the 20 days before would have said: together less than the 35 days for which samples are kept as they came. Later samples of the reference are never looked at.
import { RESOURCES, type Resource } from "../model/resources.ts";
import { DAY_MS, HOUR_MS, type Instant, instant } from "../model/time.ts";
import { climatology, hourOfWeek, type SeenHour } from "./climatology.ts";
import {
  type DeclaredHour,
  meanLoss,
  meanSkill,
  NO_SCORE,
  type ScoreSums,
  scoreHour,
  skillOf,
} from "./profile-score.ts";
import { SCORE_WINDOW_HOURS, type ScoredWindow } from "./profile-tier.ts";

const SCORE_WINDOW_MS = SCORE_WINDOW_HOURS * HOUR_MS;
const REFERENCE_MS = 20 * DAY_MS;
/** How long before the end of a window samples count. */
export const SCORED_MS = SCORE_WINDOW_MS + REFERENCE_MS;

/** One declared workload. */
export interface Scored {
  /** Undefined where nothing is declared of the resource. */
  readonly declared: (resource: Resource, at: Instant) => DeclaredHour | undefined;
  /** Of its VMs: when each sample ended, and what was seen, NaN where nothing was. */
  readonly samples: readonly { readonly at: Float64Array; readonly usage: Readonly<Record<Resource, Float32Array>> }[];
}

interface ResourceScore {
  readonly resource: Resource;
  readonly skill: number;
  readonly hours: number;
}

export interface ProfileScore extends ScoredWindow {
  /** Of all workloads and resources that were declared; each as much as any other. */
  readonly resources: readonly ResourceScore[];
}

/** `until`: the end of the window. Nothing declared, or nothing seen: no skill. */
export function scoreProfiles(workloads: readonly Scored[], until: Instant): ProfileScore {
  const resources = workloads.flatMap((workload) =>
    RESOURCES.flatMap((resource) => {
      const score = scoreOf(workload, { resource, until });
      return score === undefined ? [] : [score];
    }),
  );
  const hours = resources.length === 0 ? 0 : Math.min(...resources.map((each) => each.hours));
  return { skill: meanSkill(resources.map(({ skill }) => skill)), hours, resources };
}

function scoreOf(
  { declared, samples }: Scored,
  { resource, until }: { readonly resource: Resource; readonly until: Instant },
): ResourceScore | undefined {
  if (declared(resource, until) === undefined) return undefined;
  const begin = until - SCORE_WINDOW_MS;
  const seen = byHour(samples, resource);
  const past: SeenHour[] = [];
  for (const [from, observed] of seen)
    if (from >= begin - REFERENCE_MS && from < begin) past.push(...observed.map((demand) => ({ from, demand })));
  const reference = climatology(past);
  let sums: ScoreSums = NO_SCORE;
  for (const [from, observed] of seen) {
    const said = declared(resource, instant(from));
    if (from < begin || from >= until || said === undefined) continue;
    sums = scoreHour(sums, { declared: said, reference: reference(hourOfWeek(from)), observed });
  }
  const skill = past.length === 0 ? 0 : skillOf(sums, scaleOf(seen, { reference, begin }));
  return { resource, skill, hours: past.length === 0 ? 0 : sums.hours };
}

/** What the reference lost an hour on the weeks that it was made of. */
function scaleOf(
  seen: ReadonlyMap<number, readonly number[]>,
  { reference, begin }: { readonly reference: (hour: number) => DeclaredHour; readonly begin: number },
): number {
  let [sum, hours] = [0, 0];
  for (const [from, observed] of seen) {
    if (from < begin - REFERENCE_MS || from >= begin) continue;
    sum += meanLoss(reference(hourOfWeek(from)), observed);
    hours++;
  }
  return hours === 0 ? 0 : sum / hours;
}

/** By the hour in which they began: a sample ends at its instant and is of the time before it. */
function byHour(samples: Scored["samples"], resource: Resource): ReadonlyMap<number, readonly number[]> {
  const hours = new Map<number, number[]>();
  for (const { at, usage } of samples)
    for (const [row, demand] of usage[resource].entries()) {
      if (Number.isNaN(demand)) continue;
      const from = Math.floor(((at[row] as number) - 1) / HOUR_MS) * HOUR_MS;
      const known = hours.get(from);
      if (known) known.push(demand);
      else hours.set(from, [demand]);
    }
  return hours;
}
