import { beforeEach, expect, test } from "vitest";
import type { StoredModel } from "../../adapters/model-files/model-store.ts";
import { FEATURE_SET } from "../../forecast/feature-set.ts";
import { LSTM_SHAPE } from "../../forecast/lstm/lstm-shape.ts";
import { initialParameters } from "../../forecast/network/initial-parameters.ts";
import { seededTrace } from "../../lab/small-trace.arbitrary.ts";
import { aLineage } from "../../model/model-lineage.arbitrary.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { iso, startOfTick } from "../../model/time.ts";
import { holdContest } from "./hold-contest.ts";
import { type ContestJob, contestInThread } from "./train-worker.ts";

const DAY = 48;
const trace = seededTrace({ seed: 2, vms: 3, days: 8, stepMinutes: 30 });
const LEARNED = { ticks: 4 * DAY, validationFrom: 3 * DAY };
const challenger = network(1);

function network(seed: number) {
  return { shape: LSTM_SHAPE, members: [initialParameters(LSTM_SHAPE, seededRandom(seed))] };
}

function champion(learnedUntil: number, changes: { stepSeconds?: number; featureSet?: string } = {}): StoredModel {
  const { featureSet = FEATURE_SET, stepSeconds = 1_800 } = changes;
  const { data } = aLineage();
  const to = iso(startOfTick(trace.grid, learnedUntil));
  return { network: network(2), lineage: aLineage({ featureSet, data: { ...data, to, stepSeconds } }) };
}

let jobs: ContestJob[] = [];
beforeEach(() => {
  jobs = [];
});

/** In this thread instead of others. */
const pool = {
  run: async (job: ContestJob) => {
    jobs.push(job);
    return contestInThread(job);
  },
};
const watcher = { progress: () => {}, notice: () => {} };
const hold = (opponent: StoredModel | undefined, learned = LEARNED) =>
  holdContest(pool, { trace, challenger, learned, champion: opponent, watcher });
const at = (tick: number) => iso(startOfTick(trace.grid, tick));

test("without a champion the seasonal naive is the opponent, on what is later", async () => {
  const contest = await hold(undefined);
  expect(contest).toMatchObject({
    kind: "fought",
    opponent: "seasonal-naive",
    ground: { kind: "later", from: at(4 * DAY), to: at(8 * DAY) },
    series: 12,
  });
  expect(jobs.map(({ vm, networks }) => [vm.name, networks.length])).toEqual([
    ["1", 1],
    ["2", 1],
    ["3", 1],
  ]);
});

test("a champion that learned longer moves the ground, until less than a day is left of it", async () => {
  expect(await hold(champion(6 * DAY))).toMatchObject({
    opponent: "0123456789ab",
    ground: { kind: "later", from: at(6 * DAY), to: at(8 * DAY) },
  });
  for (const learnedUntil of [8 * DAY - 47, 20 * DAY])
    expect(await hold(champion(learnedUntil))).toMatchObject({
      ground: { kind: "validation", from: at(3 * DAY), to: at(4 * DAY) },
    });
});

test("a champion that learned other ticks is not compared; one of another feature set is no champion", async () => {
  expect(await hold(champion(0, { stepSeconds: 300 }))).toMatchObject({
    kind: "not-fought",
    reason: expect.stringContaining("ticks of 300 s, this one from ticks of 1800 s"),
  });
  expect(jobs).toEqual([]);
  expect(await hold(champion(0, { featureSet: "lstm/0" }))).toMatchObject({ opponent: "seasonal-naive" });
});

test("a model against itself is no better", async () => {
  const twin = { ...champion(0), network: challenger };
  expect(await hold(twin)).toMatchObject({ ratio: 1, ratioLow: 1, ratioHigh: 1, isPromoted: false });
});

test("the same contest again gives the same record", async () => {
  expect(await hold(champion(0))).toEqual(await hold(champion(0)));
});
