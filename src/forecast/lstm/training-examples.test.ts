import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS } from "../../model/time.ts";
import { toLogScale } from "../log-scale.ts";
import type { TrainingBatch } from "../network/batch.ts";
import { COVARIATE_COUNT, type WriteCovariates } from "../window-covariates.ts";
import { demandPanel } from "./demand-panel.ts";
import { ENCODER_INPUTS } from "./encoder-inputs.ts";
import { drawBatch, type ExampleStretch, type Invent, seriesWithRoom } from "./training-examples.ts";
import { OWN_FEATURES } from "./window-features.ts";

const TICKS = 600;
const random = seededRandom(4);
const panel = demandPanel({
  startMs: 0,
  stepMs: HOUR_MS,
  values: Array.from({ length: 3 }, () => Float64Array.from({ length: TICKS }, () => 1 + random.next())),
  resources: [0, 1, 2],
  floors: [0.1, 0.1, 0.1],
});
const LAST_TICK = 480;
const series = seriesWithRoom(panel, LAST_TICK);

function draw(invent?: Invent): TrainingBatch {
  return drawBatch(
    { panel, series, firstTick: 168, lastTick: LAST_TICK, peaksKnown: new Map(), invent },
    seededRandom(5),
  );
}

const ones: WriteCovariates = (_, { values, at }) => values.fill(1, at, at + COVARIATE_COUNT);

/** [row x COVARIATE_COUNT] of all questions. */
function covariatesOf({ questions }: TrainingBatch): number[] {
  return questions.flatMap(({ features }) =>
    [...features].filter((_, place) => place % OWN_FEATURES >= OWN_FEATURES - COVARIATE_COUNT),
  );
}

test("without anything invented no covariate is told; with covariates all of them, and nothing else changes", () => {
  const plain = draw();
  const told = draw(() => ({ covariatesAt: () => ones }));
  expect(covariatesOf(plain).every((value) => value === 0)).toBe(true);
  expect(covariatesOf(told).every((value) => value === 1)).toBe(true);
  expect(told.inputs).toEqual(plain.inputs);
  expect(told.questions.map(({ targets }) => targets)).toEqual(plain.questions.map(({ targets }) => targets));
});

test("demand lifted from the last moment on raises the targets alone", () => {
  const plain = draw();
  const lifted = draw(({ to }) => ({
    lift: { from: to, to: to + 99, factorAt: () => 2 },
    covariatesAt: () => undefined,
  }));
  expect(lifted.inputs).toEqual(plain.inputs);
  const rises: number[] = [];
  for (const [place, { targets, features }] of plain.questions.entries()) {
    expect(lifted.questions[place]?.features).toEqual(features);
    for (const [row, target] of targets.entries()) rises.push((lifted.questions[place]?.targets[row] ?? 0) - target);
  }
  // Of demand between half and all of its scale a factor of two adds about log 2 on the log scale.
  const known = rises.filter((rise) => !Number.isNaN(rise));
  expect(Math.max(...known)).toBeCloseTo(toLogScale(2, 1) - 1, 1);
  expect(known.filter((rise) => rise > 0.15).length).toBeGreaterThan(known.length / 8);
  expect(known.filter((rise) => rise === 0).length).toBeGreaterThan(10);
});

test("demand lifted all along is another history with the same prospects: all is relative to the scale", () => {
  const plain = draw();
  const lifted = draw(() => ({ lift: { from: 0, to: TICKS, factorAt: () => 4 }, covariatesAt: () => undefined }));
  for (const [place, { targets }] of plain.questions.entries())
    for (const [row, target] of targets.entries())
      if (!Number.isNaN(target)) expect(lifted.questions[place]?.targets[row] ?? Number.NaN).toBeCloseTo(target, 3);
});

test("a panel is left as it was, the same stream gives the same bytes, and nothing from the end of the span on is lifted", () => {
  const before = [panel.history.codes.slice(), panel.scales.slice()];
  const stretches: ExampleStretch[] = [];
  const invent: Invent = (stretch, stream) => {
    stretches.push(stretch);
    const from = stretch.from + stream.below(60);
    return { lift: { from, to: from + 20, factorAt: () => 1 + stream.next() }, covariatesAt: () => ones };
  };
  expect(draw(invent)).toEqual(draw(invent));
  expect([panel.history.codes, panel.scales]).toEqual(before);
  for (const { from, askedFrom, to, lastTick } of stretches) {
    expect(from < askedFrom && askedFrom < to && to <= lastTick).toBe(true);
    expect(lastTick).toBe(LAST_TICK);
  }
});

test("some series are young: nothing of them is told from before they were born, and their scales are their own", () => {
  const births: (number | undefined)[] = [];
  const batch = draw((stretch) => {
    births.push(stretch.bornAt === undefined ? undefined : stretch.bornAt - stretch.from);
    return undefined;
  });
  const young = births.filter((born) => born !== undefined);
  expect(young.length).toBeGreaterThan(6);
  expect(young.length).toBeLessThan(30);
  expect(young.some((born) => born > 0) && young.some((born) => born < -24)).toBe(true);
  const windows = births.length;
  for (const [window, born] of births.entries())
    for (let step = 0; step < batch.steps; step++) {
      const at = (step * windows + window) * ENCODER_INPUTS;
      const isTold = batch.inputs.subarray(at, at + ENCODER_INPUTS).some((value) => value !== 0);
      expect(isTold).toBe(born === undefined || step >= born);
      // The first value of all is the largest so far.
      if (born === step) expect(batch.inputs[at]).toBeCloseTo(1, 3);
    }
});
