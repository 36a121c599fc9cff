// Public demand comes without events and profiles, so that a network is taught what they mean on invented ones: an event that moves
// demand, told with the errors that announcers make, and profiles of what the series really does, told as customers tell it.
import type { PanelSource } from "../../forecast/lstm/demand-panel.ts";
import type { Lift } from "../../forecast/lstm/pretend-series.ts";
import type { ExampleStretch, Invent } from "../../forecast/lstm/training-examples.ts";
import { EVENT_KINDS, type ExternalEvent, externalEvent } from "../../model/event.ts";
import { RESOURCES } from "../../model/resources.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, HOUR_MS, type Instant, instant } from "../../model/time.ts";
import { windowCovariates } from "../../signals/covariates.ts";
import { eventCalendar } from "../../signals/event-calendar.ts";
import { declaredLogUplift, reachOf } from "../../signals/event-phases.ts";
import { profileTeller } from "./tell-profile.ts";

interface Shares {
  /** Of stretches that an event touches. */
  readonly events: number;
  /** Of stretches that come with a profile, of young series and of others. */
  readonly profilesOfYoung: number;
  readonly profilesOfOld: number;
}

const SHARES: Shares = { events: 0.3, profilesOfYoung: 0.5, profilesOfOld: 0.15 };

/** Series of the source alone: what is added to them (groups of VMs) has no signals. */
export function inventSignals(source: PanelSource, shares: Shares = SHARES): Invent {
  const { startMs, stepMs } = source;
  const tellProfile = profileTeller(source);
  return (stretch, random) => {
    const resource = RESOURCES[source.resources[stretch.series] ?? -1];
    if (resource === undefined) return undefined;
    const happening = random.next() < shares.events ? inventEvent({ source, stretch }, random) : undefined;
    const profileShare = stretch.bornAt === undefined ? shares.profilesOfOld : shares.profilesOfYoung;
    const profile = random.next() < profileShare ? tellProfile(stretch, random) : undefined;
    if (happening === undefined && profile === undefined) return undefined;
    const calendar = eventCalendar(happening === undefined ? [] : [happening.told]);
    return {
      lift: happening?.lift,
      covariatesAt: (next) =>
        windowCovariates({ calendar, profile, resource }, { origin: instant(startMs + next * stepMs), stepMs }),
    };
  };
}

interface Happening {
  readonly told: ExternalEvent;
  /** Undefined: it did not happen after all. */
  readonly lift: Lift | undefined;
}

interface Where {
  readonly source: PanelSource;
  readonly stretch: ExampleStretch;
}

/** Natural logs: how far events move demand, and how far announcers are off. Those that declare nothing move it either way. */
const DECLARED_SHARE = 0.75;
const DECLARED_MEAN = 0.3;
const DECLARED_SD = 0.6;
const MISJUDGED_SD = 0.2;
const UNDECLARED_SD = 0.3;
const LOG_UPLIFT_MAX = 2.5;
const UNSURE_SHARE = 0.2;

function inventEvent(where: Where, random: SeededRandom): Happening {
  const isDeclared = random.next() < DECLARED_SHARE;
  const drawn = isDeclared ? DECLARED_MEAN + DECLARED_SD * random.normal() : UNDECLARED_SD * random.normal();
  const logUplift = Math.max(-LOG_UPLIFT_MAX, Math.min(LOG_UPLIFT_MAX, drawn));
  const confidence = random.next() < UNSURE_SHARE ? 0.1 + 0.8 * random.next() : 1;
  const event = externalEvent({
    id: "invented",
    kind: EVENT_KINDS[random.below(EVENT_KINDS.length)] ?? "campaign",
    name: "invented",
    announced: instant(0),
    confidence,
    ...inventTimes(where, random),
  });
  const misjudged = MISJUDGED_SD * random.normal();
  const told = isDeclared ? { ...event, declaredUplift: Math.exp(logUplift + misjudged) } : event;
  return { told, lift: random.next() < confidence ? liftBy(event, logUplift, where.source) : undefined };
}

const LENGTH_MS_MIN = HOUR_MS / 2;
const LENGTH_MS_MAX = DAY_MS;
/** Most events are seen to begin, the others to end. */
const BEGINNING_SHARE = 2 / 3;
/** Every other one does so while questions are asked, the others within the day that is asked about. */
const SOON_SHARE = 1 / 2;

function inventTimes({ source, stretch }: Where, random: SeededRandom): { start: Instant; end: Instant } {
  const { startMs, stepMs } = source;
  const askedMs = startMs + stretch.askedFrom * stepMs;
  const endMs = startMs + stretch.to * stepMs;
  const isSoon = random.next() < SOON_SHARE;
  const edge = isSoon
    ? askedMs + random.next() * (endMs + HOUR_MS / 2 - askedMs)
    : endMs + random.next() * (DAY_MS - (endMs - askedMs));
  const length = LENGTH_MS_MIN * (LENGTH_MS_MAX / LENGTH_MS_MIN) ** random.next();
  const start = random.next() < BEGINNING_SHARE ? edge : edge - length;
  return { start: instant(start), end: instant(start + length) };
}

/** What truly happens takes the course that an announcer's word is taken to mean. */
function liftBy(event: ExternalEvent, logUplift: number, { startMs, stepMs }: PanelSource): Lift {
  const truth = { ...event, declaredUplift: Math.exp(logUplift) };
  const { from, to } = reachOf(event);
  return {
    from: Math.floor((from - startMs) / stepMs),
    to: Math.ceil((to - startMs) / stepMs),
    factorAt: (tick) => Math.exp(declaredLogUplift(truth, instant(startMs + (tick + 0.5) * stepMs))),
  };
}
