import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modelIdOf, writeModel, writeServing } from "../../adapters/model-files/model-store.ts";
import { FEATURE_SET } from "../../forecast/feature-set.ts";
import { LSTM_SHAPE } from "../../forecast/lstm/lstm-shape.ts";
import { initialParameters } from "../../forecast/network/initial-parameters.ts";
import { aLineage } from "../../model/model-lineage.arbitrary.ts";
import { NOTHING_SERVES } from "../../model/model-lineage.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { TICK_MS_DEFAULT } from "../../model/time.ts";
import { openForecaster } from "./serving-network.ts";

let store = "";

beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), "headroom-models-"));
});

afterEach(() => rmSync(store, { recursive: true }));

/** Serves from the store; knows ticks of five minutes unless said otherwise. */
async function serve({ stepSeconds = 300, featureSet = FEATURE_SET } = {}): Promise<string> {
  const network = { shape: LSTM_SHAPE, members: [initialParameters(LSTM_SHAPE, seededRandom(1))] };
  const id = modelIdOf(network);
  const lineage = aLineage({ id, featureSet, data: { ...aLineage().data, stepSeconds } });
  await writeModel(store, { lineage, network });
  await writeServing(store, { ...NOTHING_SERVES, serving: id });
  return id;
}

const sentenceOf = async (asked: { model?: string; store?: string }) => {
  const opened = await openForecaster({ stepMs: TICK_MS_DEFAULT, ...asked });
  if (!opened.ok) return `${opened.error.kind}: ${opened.error.message}`;
  return `${opened.value.inference === undefined ? "none" : "network"}: ${opened.value.sentence}`;
};

test("the model that serves joins the statistics, or the one that is named", async () => {
  const id = await serve();
  const told = (where: string) => `network: Forecasts come from statistics and the trained network ${id} (${where}).`;
  expect(await sentenceOf({ store })).toBe(told(store));
  expect(await sentenceOf({ model: join(store, `${id}.network`) })).toBe(told(join(store, `${id}.network`)));
});

test("without a model the statistics forecast alone", async () => {
  expect(await sentenceOf({ store: join(store, "none") })).toBe(
    "none: Forecasts come from statistics alone: headroom train teaches a network.",
  );
});

test("a model of other ticks or other features is left alone, unless it was named: then that is a mistake", async () => {
  const id = await serve({ stepSeconds: 60 });
  expect(await sentenceOf({ store })).toBe(
    `none: Forecasts come from statistics alone: The model ${id} knows ticks of 60 s, these are of 300 s.`,
  );
  expect(await sentenceOf({ model: store })).toMatch(/^rejected: The model/);
  await serve({ featureSet: "lstm/0" });
  expect(await sentenceOf({ store })).toMatch(/^none: .*cannot serve/);
});
