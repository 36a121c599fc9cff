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
import { servingModels } from "./serving-inference.ts";

const STEP_MS = 300_000;
const NETWORK = { shape: LSTM_SHAPE, members: [initialParameters(LSTM_SHAPE, seededRandom(1))] };
const ID = modelIdOf(NETWORK);
const REQUEST = { steps: 1, windows: 4, inputs: new Float32Array(4 * LSTM_SHAPE.inputs).fill(0.5), questions: [] };

let models = "";
beforeEach(async () => {
  models = mkdtempSync(join(tmpdir(), "headroom-models-"));
  const lineage = aLineage({ id: ID, featureSet: FEATURE_SET, data: { ...aLineage().data, stepSeconds: 300 } });
  await writeModel(models, { lineage, network: NETWORK });
  await writeServing(models, { ...NOTHING_SERVES, serving: ID });
});
afterEach(() => rmSync(models, { recursive: true }));

type Runtime = NonNullable<Parameters<typeof servingModels>[0]["loadRuntime"]>;

function serving(loadRuntime?: Runtime) {
  const [notices, broken]: [string[], string[]] = [[], []];
  const said = servingModels({
    ...{ models, stepMs: STEP_MS, ...(loadRuntime && { loadRuntime }) },
    onNotice: (sentence) => notices.push(sentence),
    onBroken: () => broken.push("asked anew"),
  });
  return { said, notices, broken };
}

test("the model that serves is served natively, and the log says so; one that served before is found by its id", async () => {
  const { said, notices } = serving();
  const newest = await said.newest();
  expect(newest).toMatchObject({ id: ID, stepMs: STEP_MS, native: { kind: "onnxruntime" } });
  expect(notices.join()).toMatch(new RegExp(`network ${ID} .* served by onnxruntime`));
  const before = await said.byId(ID);
  expect(before?.native?.kind).toBe("onnxruntime");
  expect(await said.byId("0123456789ab")).toBeUndefined();
  for (const each of [newest, before]) await each?.native?.close();
});

test("where the library is missing the kernels serve, and the log says why", async () => {
  const { said, notices } = serving(() => Promise.reject(new Error("libonnxruntime.so.1: no such file")));
  const newest = await said.newest();
  expect([newest?.id, newest?.native]).toEqual([ID, undefined]);
  expect(notices.join("\n")).toMatch(/libonnxruntime.so.1.*served by the kernels/s);
});

test("where the library fails in the middle the kernels answer, once said, and it is not trusted again", async () => {
  const session = { run: () => Promise.reject(new Error("out of memory")), release: async () => {} };
  const { said, notices, broken } = serving(
    async () => ({ InferenceSession: { create: async () => session }, Tensor: class {} }) as never,
  );
  const newest = await said.newest();
  const answers = [await newest?.native?.infer(REQUEST), await newest?.native?.infer(REQUEST)];
  for (const answer of answers) expect(answer).toEqual(newest?.kernels.infer(REQUEST));
  expect(notices.filter((sentence) => /out of memory/.test(sentence))).toHaveLength(1);
  expect(broken).toEqual(["asked anew"]);
  expect((await said.newest())?.native).toBeUndefined();
});
