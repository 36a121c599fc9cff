import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SMALL_SHAPE, someParameters } from "../../forecast/network/network.arbitrary.ts";
import { committeeToBytes } from "../../forecast/network/training-checkpoint.ts";
import { startTraining } from "../../forecast/network/training-run.ts";
import { aLineage } from "../../model/model-lineage.arbitrary.ts";
import { NOTHING_SERVES, type ServingRecord } from "../../model/model-lineage.ts";
import {
  listModels,
  modelIdOf,
  readModel,
  readServing,
  readServingModel,
  type StoredModel,
  writeModel,
  writeServing,
} from "./model-store.ts";
import { forgetUnfinished, readUnfinished, writeUnfinished } from "./unfinished-runs.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-models-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function aModel(seed: number, changes = {}): StoredModel {
  const network = { shape: SMALL_SHAPE, members: [someParameters(SMALL_SHAPE, seed)] };
  return { network, lineage: aLineage({ id: modelIdOf(network), ...changes }) };
}

async function stored(seed: number, changes = {}): Promise<StoredModel> {
  const model = aModel(seed, changes);
  expect(await writeModel(folder, model)).toMatchObject({ ok: true });
  return model;
}

const servingOf = (id: string): ServingRecord => ({
  ...NOTHING_SERVES,
  serving: id,
  history: [{ kind: "promoted", serving: id, at: "2026-04-01T12:30:00.000Z", by: "operator", reason: "By hand." }],
});

test("a model is read back as it was written, under an id that its bytes give it", async () => {
  const model = await stored(1);
  expect(model.lineage.id).toMatch(/^[0-9a-f]{12}$/);
  expect(modelIdOf(aModel(2).network)).not.toBe(model.lineage.id);
  expect(await readModel(folder, model.lineage.id)).toEqual({ ok: true, value: model });
  expect(readdirSync(folder).sort()).toEqual([`${model.lineage.id}.json`, `${model.lineage.id}.network`]);
});

test("a folder that is not there holds nothing, and nothing serves from it", async () => {
  const nowhere = join(folder, "nowhere");
  expect(await listModels(nowhere)).toEqual({ ok: true, value: { lineages: [], problems: [] } });
  expect(await readServing(nowhere)).toEqual({ ok: true, value: NOTHING_SERVES });
  expect(await readServingModel(nowhere)).toEqual({ ok: true, value: undefined });
  expect(await readModel(nowhere, "0123456789ab")).toMatchObject({ ok: false, error: { kind: "not-found" } });
});

test("models are listed oldest first; one that cannot be read is a sentence, foreign files are left alone", async () => {
  const later = await stored(1, { created: "2026-05-01T00:00:00.000Z" });
  const earlier = await stored(2, { created: "2026-04-01T00:00:00.000Z" });
  writeFileSync(join(folder, "ffffffffffff.json"), "{");
  for (const name of ["notes.json", "deadbeef.json", "0123456789ab.json.unfinished", "x.network"])
    writeFileSync(join(folder, name), "something else");
  const listed = await listModels(folder);
  expect(listed).toMatchObject({ ok: true, value: { lineages: [earlier.lineage, later.lineage] } });
  expect(listed.ok && listed.value.problems).toEqual([expect.stringMatching(/ffffffffffff\.json.*it is not JSON/)]);
});

test("the model that serves is found through the record", async () => {
  const model = await stored(1);
  await stored(2);
  const record = servingOf(model.lineage.id);
  expect(await writeServing(folder, record)).toMatchObject({ ok: true });
  expect(await readServing(folder)).toEqual({ ok: true, value: record });
  expect(await readServingModel(folder)).toEqual({ ok: true, value: model });
});

const messageOf = (result: Awaited<ReturnType<typeof readModel | typeof readServing>>) =>
  result.ok ? "" : `${result.error.kind}: ${result.error.message}`;

test("damaged bytes, another model's bytes and another program's bytes are told apart from a model", async () => {
  const { lineage } = await stored(1);
  const path = join(folder, `${lineage.id}.network`);
  const whole = readFileSync(path);
  for (const bytes of [
    whole.subarray(0, whole.length - 1),
    whole.map((byte, index) => (index === 300 ? byte ^ 1 : byte)),
    committeeToBytes(aModel(2).network),
    Buffer.from("PK not a model"),
    Buffer.alloc(0),
  ]) {
    writeFileSync(path, bytes);
    expect(messageOf(await readModel(folder, lineage.id))).toMatch(
      /^bad-input: .*\.network is damaged or another model's/,
    );
  }
});

test("a lineage of another form says where and why", async () => {
  const { lineage } = await stored(1);
  const path = join(folder, `${lineage.id}.json`);
  const problemWith = async (value: unknown) => {
    writeFileSync(path, JSON.stringify(value));
    return messageOf(await readModel(folder, lineage.id));
  };
  expect(await problemWith({ ...lineage, schema: "headroom.model/9" })).toMatch(
    /bad-input: .*json is no headroom.model\/1: \/schema/,
  );
  expect(await problemWith({ ...lineage, data: { ...lineage.data, vms: "ten" } })).toContain("/data/vms");
  expect(await problemWith({ ...lineage, training: undefined })).toContain("training");
  expect(await problemWith([])).toContain("is no headroom.model/1");
  expect(await problemWith({ ...lineage, id: "ba9876543210" })).toContain("tells of the model ba9876543210");
});

test("a record of another form is no record: nothing is let serve by mistake", async () => {
  for (const text of ["", "{}", JSON.stringify({ ...NOTHING_SERVES, serving: "../../etc/passwd" })]) {
    writeFileSync(join(folder, "serving.json"), text);
    expect(messageOf(await readServing(folder))).toMatch(/^bad-input: .*serving\.json is no headroom\.serving\/1/);
    expect(await readServingModel(folder)).toMatchObject({ ok: false });
  }
});

test("what was interrupted while it was written leaves what was there before", async () => {
  const model = await stored(1);
  writeFileSync(join(folder, `${model.lineage.id}.network.unfinished`), "half");
  expect(await readModel(folder, model.lineage.id)).toEqual({ ok: true, value: model });
});

test("a place that cannot be written to is said", async () => {
  const result = await writeServing("/proc/no/such/place", NOTHING_SERVES);
  expect(result).toMatchObject({ ok: false, error: { kind: "unavailable" } });
});

test("an unfinished run is read back as it was, until it is forgotten", async () => {
  const plan = { shape: SMALL_SHAPE, seed: 1, steps: 9, peakRate: 1e-3, validateEvery: 3, patience: 2 };
  const state = startTraining(plan);
  expect(await readUnfinished(folder, "run")).toEqual({ ok: true, value: undefined });
  await writeUnfinished(folder, "run", state);
  expect(await readUnfinished(folder, "run")).toEqual({ ok: true, value: state });
  writeFileSync(join(folder, "other.run"), "not a run at all");
  expect(await readUnfinished(folder, "other")).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining("other.run: These bytes are no headroom.training-run/2") },
  });
  await forgetUnfinished(folder, "run");
  expect(await readUnfinished(folder, "run")).toEqual({ ok: true, value: undefined });
});
