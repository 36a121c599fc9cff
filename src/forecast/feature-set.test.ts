import { expect, test } from "vitest";
import { RESOURCES } from "../model/resources.ts";
import { seededRandom } from "../model/seeded-random.ts";
import { FEATURE_SET, whyNotServed } from "./feature-set.ts";
import { demandPanel, momentOf } from "./lstm/demand-panel.ts";
import { ENCODER_INPUTS } from "./lstm/encoder-inputs.ts";
import { LSTM_SHAPE } from "./lstm/lstm-shape.ts";
import { recentPeaks } from "./lstm/recent-peaks.ts";
import { writeStep } from "./lstm/training-examples.ts";
import { OWN_FEATURES, writeWindowFeatures } from "./lstm/window-features.ts";
import { COVARIATE_COUNT, type WriteCovariates } from "./window-covariates.ts";

/** What they say is held where they are made: here, that all of them are told, and where. */
const covariates: WriteCovariates = ({ from }, { values, at, scale }) => {
  for (let each = 0; each < COVARIATE_COUNT; each++) values[at + each] = (from + each) / scale;
};

/** Numbers told of a fixed demand, summed up so that any that moves is noticed. */
function told() {
  const random = seededRandom(11);
  const values = RESOURCES.map(() =>
    Float64Array.from({ length: 9 * 288 }, (_, tick) => 1 + (tick % 288) + random.next()),
  );
  const others = RESOURCES.map((_, one) => RESOURCES.flatMap((_, other) => (other === one ? [] : [other])));
  const panel = demandPanel({
    startMs: Date.UTC(2026, 2, 2, 5),
    stepMs: 300_000,
    values,
    resources: RESOURCES.map((_, resource) => resource),
    floors: RESOURCES.map(() => 1),
    siblings: others,
  });
  const inputs = new Float32Array(ENCODER_INPUTS);
  writeStep(panel, { series: 1, tick: 2_500 }, inputs, 0);
  const windows = [
    { from: 0, ticks: 1 },
    { from: 0, ticks: 6 },
    { from: 24, ticks: 12 },
  ];
  const features = new Float32Array(windows.length * OWN_FEATURES);
  const moment = momentOf(panel, { series: 1, next: 2_501, samplesMax: 2_016 });
  const at = panel.startMs + 2_501 * panel.stepMs;
  const peaksOf = (ticks: number) => recentPeaks(moment, ticks);
  writeWindowFeatures({ moment, at, resource: 1, floor: 1, windows, peaksOf, covariates }, features, 0);
  const summed = (numbers: Float32Array) => numbers.reduce((sum, value, index) => sum + value * (1 + (index % 89)), 0);
  return { inputs: summed(inputs), features: summed(features) };
}

test("what the network is told is what the name of the feature set stands for: where this fails, give it a new name", () => {
  expect({ FEATURE_SET, ...told() }).toEqual({
    FEATURE_SET: "lstm/2",
    inputs: expect.closeTo(28.8783, 2),
    features: expect.closeTo(5912.6314, 2),
  });
});

test("a model is served where its features and its shape are those of this version", () => {
  expect(whyNotServed({ featureSet: FEATURE_SET, shape: { ...LSTM_SHAPE } })).toBeUndefined();
  expect(whyNotServed({ featureSet: "lstm/0", shape: LSTM_SHAPE })).toContain("lstm/0");
  expect(whyNotServed({ featureSet: FEATURE_SET, shape: { ...LSTM_SHAPE, hidden: 56 } })).toContain("another shape");
});
