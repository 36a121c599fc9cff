// A panel as training data: the first part teaches, the part after it says when to stop, and nothing later is looked at.
import { assert } from "../../model/result.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import type { TrainingData } from "../network/training-run.ts";
import type { DemandPanel } from "./demand-panel.ts";
import { drawBatch, type Invent, seriesWithRoom } from "./training-examples.ts";

export interface TrainingSpan {
  /** Ticks from 0 on that may be used at all. */
  readonly ticks: number;
  /** The last part of them, 0..1, validates. */
  readonly validationShare: number;
}

/** Enough that its loss is steady from look to look. */
const VALIDATION_BATCHES = 12;
/** History that an example wants behind it; less where the span is short. */
const HISTORY_DAYS = 7;

/**
 * `invent` is asked about what teaches; what validates is demand as it came, so that losses of runs with and without it compare.
 * Fails as a bug on a span without room for examples: ask `spanFits` first.
 */
export function trainingData(panel: DemandPanel, span: TrainingSpan, invent?: Invent): TrainingData {
  assert(spanFits(panel, span), "a training span holds at least two days");
  const { firstTick, trainUntil } = partsOf(panel, span);
  const teaching = {
    panel,
    series: seriesWithRoom(panel, trainUntil),
    firstTick,
    lastTick: trainUntil,
    peaksKnown: new Map(),
    invent,
  };
  const later = {
    panel,
    series: seriesWithRoom(panel, span.ticks),
    firstTick: trainUntil,
    lastTick: span.ticks,
    peaksKnown: new Map(),
  };
  const random = seededRandom(1).fork("validation");
  const validation = Array.from({ length: VALIDATION_BATCHES }, () => drawBatch(later, random));
  return { draw: (stream) => drawBatch(teaching, stream), validation };
}

export function spanFits(panel: DemandPanel, span: TrainingSpan): boolean {
  const { firstTick, trainUntil } = partsOf(panel, span);
  const { day, hour } = panel.season;
  const roomy = trainUntil - firstTick >= day / 2 && span.ticks - trainUntil >= 6 * hour;
  return roomy && seriesWithRoom(panel, trainUntil).length > 0;
}

function partsOf({ season, ticks }: DemandPanel, span: TrainingSpan): { firstTick: number; trainUntil: number } {
  const trainUntil = Math.floor(Math.min(span.ticks, ticks) * (1 - span.validationShare));
  return { firstTick: Math.min(HISTORY_DAYS * season.day, Math.floor(trainUntil / 2)), trainUntil };
}
