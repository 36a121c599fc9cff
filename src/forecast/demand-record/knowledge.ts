// How much is known of one series, in numbers and in one sentence: how much history there is, what the forecast is made
// of, and what had to be repaired. For people who ask "how far can I trust this?".
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { type Mixture, weightsOf } from "../mixture.ts";
import type { SeasonTicks } from "../season-ticks.ts";
import { countOf, type DemandRecords, NEVER, RECORD_COUNTERS } from "./demand-records.ts";
import { SAMPLE_KINDS } from "./sample-kind.ts";
import { type KnownFacts, tellKnowledge } from "./tell-knowledge.ts";

export interface Knowledge extends KnownFacts {
  /** All of it for people. */
  readonly sentence: string;
}

/** What it reads of a demand engine. */
export interface KnownEngine {
  readonly tick: number;
  readonly season: SeasonTicks;
  readonly samples: Int32Array;
  readonly records: DemandRecords;
  readonly mixture: Mixture;
  /** `opinions` [series x window x level]. */
  readonly network?: { readonly opinions: Float32Array; readonly windows: readonly unknown[] };
}

/** After any number of ticks; cheap enough for a page, not meant for every series of every tick. */
export function knowledgeOf(engine: KnownEngine, series: number): Knowledge {
  const { records, season, tick } = engine;
  const hoursSince = (then: number) => (tick - 1 - then) / season.hour;
  const lastTick = records.lastTicks[series] ?? NEVER;
  const resizedTick = records.resizedTicks[series] ?? NEVER;
  const facts: KnownFacts = {
    hours: hoursOfHistory(engine, series),
    parts: partsOf(engine, series),
    lastSample: {
      kind: SAMPLE_KINDS[records.kinds[series] ?? 0] ?? "missing",
      hours: (records.runs[series] ?? 0) / season.hour,
    },
    hoursSinceLearned: lastTick === NEVER ? undefined : hoursSince(lastTick),
    resizedHoursAgo: resizedTick === NEVER || tick - resizedTick > season.week ? undefined : hoursSince(resizedTick),
    counts: Object.fromEntries(
      RECORD_COUNTERS.map((name, counter) => [name, countOf(records, series, counter)]),
    ) as KnownFacts["counts"],
  };
  return { ...facts, sentence: tellKnowledge(facts) };
}

/** Hours of samples that were learned from. */
export function hoursOfHistory({ samples, season }: Pick<KnownEngine, "samples" | "season">, series: number): number {
  return (samples[series] as number) / season.hour;
}

function partsOf(engine: KnownEngine, series: number): KnownFacts["parts"] {
  const prior = engine.records.priorShares[series] as number;
  const rest = (engine.samples[series] as number) === 0 ? 0 : 1 - prior;
  const network = rest * networkShare(engine, series);
  return { prior, statistics: rest - network, network };
}

/** Mean over the levels of the weight of the last expert, which the network is; none while it sleeps. */
function networkShare({ network, mixture }: KnownEngine, series: number): number {
  if (network === undefined) return 0;
  if (Number.isNaN(network.opinions[series * network.windows.length * LEVEL_COUNT] as number)) return 0;
  let sum = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) sum += weightsOf(mixture, series, level).at(-1) as number;
  return sum / LEVEL_COUNT;
}
