// Cells in threads of their own, on a real database, with a network that is served natively: what they say, what comes of it when a
// thread ends in the middle, and that a restart comes to the same bits.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { modelIdOf, writeModel, writeServing } from "../../../src/adapters/model-files/model-store.ts";
import { openNetworkInference } from "../../../src/adapters/network-inference/open-network-inference.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { type CellPlan, planCells } from "../../../src/control/cell-plan.ts";
import { snapshotOf } from "../../../src/control/snapshot.ts";
import type { SampleColumns } from "../../../src/control/store-ports.ts";
import { FEATURE_SET } from "../../../src/forecast/feature-set.ts";
import { LSTM_SHAPE } from "../../../src/forecast/lstm/lstm-shape.ts";
import { openKernelCommittee } from "../../../src/forecast/network/committee.ts";
import { initialParameters } from "../../../src/forecast/network/initial-parameters.ts";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import { virtualClock } from "../../../src/lab/virtual-clock.ts";
import type { CellDesk, CellNews, NearDesk } from "../../../src/main/serve/cell-desk.ts";
import { seatsHere } from "../../../src/main/serve/cell-seats.ts";
import { seatsInThreads } from "../../../src/main/serve/cell-threads.ts";
import type { CellId, CustomerId, HostId, PoolId, VmId, WorkloadId } from "../../../src/model/fleet.ts";
import { aLineage } from "../../../src/model/model-lineage.arbitrary.ts";
import { NOTHING_SERVES } from "../../../src/model/model-lineage.ts";
import { resourceVector, scale } from "../../../src/model/resources.ts";
import { seededRandom } from "../../../src/model/seeded-random.ts";
import { durationMs, HOUR_MS, instant } from "../../../src/model/time.ts";
import { openFolder } from "../serve-process.ts";

const ONE = resourceVector({ cpu: 1, memory: 1e9, network: 1e7, storage: 1e7 });
const SHADOW_VM = { minimum: scale(ONE, 0.1), ceiling: scale(ONE, 8) };
const CELL = "c1" as CellId;
const VMS = ["a", "b", "c"] as VmId[];
const NETWORK = { shape: LSTM_SHAPE, members: [1, 2].map((seed) => initialParameters(LSTM_SHAPE, seededRandom(seed))) };

function planOf(stepMs: number): CellPlan {
  const [acme, shop, pool, host] = ["acme" as CustomerId, "shop" as WorkloadId, "shared" as PoolId, "h1" as HostId];
  const planned = planCells(
    {
      customers: [{ id: acme, name: "Acme" }],
      workloads: [{ id: shop, customer: acme, class: "web" }],
      pools: [{ id: pool, kind: "shared" }],
      hosts: [{ id: host, pool, cell: CELL, capacity: scale(ONE, 64) }],
      vms: VMS.map((id) => ({ id, workload: shop, host, base: ONE, ceiling: scale(ONE, 8) })),
      profiles: new Map(),
      contracts: new Map(),
      events: [],
      blackouts: [],
      doNotLearn: [],
      settings: new Map(),
    },
    { serviceLevel: 0.99, stepMs },
  );
  const [plan] = planned.ok ? planned.value : [];
  if (plan === undefined) throw new Error("there is a host, and so a cell");
  return plan;
}

function samples(vms: readonly VmId[], { at, cpu }: { readonly at: number; readonly cpu: number }): SampleColumns {
  return {
    vms,
    vm: Uint32Array.from(vms.keys()),
    at: new Float64Array(vms.length).fill(at),
    usage: Float32Array.from(vms.flatMap((_, vm) => [cpu + vm / 10, 1e9 * cpu, 1e6, 1e6])),
  };
}

/** Everything that a cell said, and the next of its kind. */
function listener() {
  const heard: CellNews[] = [];
  const waiting = new Set<() => void>();
  const onNews = (news: CellNews) => {
    heard.push(news);
    for (const look of waiting) look();
  };
  const until = (isThere: (heard: readonly CellNews[]) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isThere(heard)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const ticks = () => heard.filter(({ kind }) => kind === "ticked").length;
  const statuses = () => heard.flatMap((news) => (news.kind === "standing" ? [news.status] : []));
  return { heard, onNews, until, ticks, statuses };
}

const STEP_MS = 300_000;
const START = instant(Date.UTC(2026, 2, 2));

test("what was served natively is heard again natively, and comes to the same bits; by the kernels it goes on too", async () => {
  const clock = virtualClock(START);
  const store = createMemoryStore();
  const open = async ({ isNative }: { readonly isNative: boolean }) => {
    const kernels = openKernelCommittee(NETWORK);
    const named = { id: "n", stepMs: STEP_MS, kernels };
    const { inference: native } = await openNetworkInference(NETWORK);
    const seats = await seatsHere({
      ...{ store: store.cells, clock, shadowVm: SHADOW_VM, checkpointMs: durationMs(HOUR_MS), process: "test" },
      network: async () => (isNative ? { ...named, native } : named),
    });
    const ear = listener();
    const desk = await seats.open(planOf(STEP_MS), ear.onNews);
    if (!desk.ok) throw new Error(desk.error.message);
    return { seats, ear, runner: (seats.desks.get(CELL) as NearDesk).runner };
  };
  const first = await open({ isNative: true });
  for (let tick = 1; tick <= 20; tick++) {
    const cpu = 1 + (tick % 5);
    first.seats.take(samples(VMS, { at: clock.now() + 1_000, cpu }), clock.now());
    clock.advanceTo(instant(clock.now() + STEP_MS));
    await first.ear.until(() => first.ear.ticks() === tick);
    await first.runner.settled();
  }
  expect(first.ear.statuses().at(-1)).toMatchObject({ ticks: 20, network: { id: "n", servedBy: "onnxruntime" } });
  const asLeft = snapshotOf(first.runner.running());
  const again = await open({ isNative: true });
  expect(again.ear.statuses().at(-1)).toMatchObject({ ticks: 20, network: { servedBy: "onnxruntime" } });
  expect(snapshotOf(again.runner.running())).toEqual(asLeft);
  const byKernels = await open({ isNative: false });
  expect(byKernels.ear.statuses().at(-1)).toMatchObject({ ticks: 20, network: { servedBy: "wasm" } });
});

test("while the network thinks, questions are answered: as of the last tick, or when this one has decided", async () => {
  const clock = virtualClock(START);
  const kernels = openKernelCommittee(NETWORK);
  let gate = Promise.resolve();
  const native = {
    ...{ kind: "onnxruntime" as const, stateSize: kernels.stateSize, close: async () => {} },
    infer: (request: Parameters<typeof kernels.infer>[0]) => gate.then(() => kernels.infer(request)),
  };
  const seats = await seatsHere({
    ...{ store: createMemoryStore().cells, clock, shadowVm: SHADOW_VM, checkpointMs: durationMs(HOUR_MS) },
    ...{ process: "test", network: async () => ({ id: "n", stepMs: STEP_MS, kernels, native }) },
  });
  const ear = listener();
  const desk = await seats.open(planOf(STEP_MS), ear.onNews);
  if (!desk.ok) throw new Error(desk.error.message);
  const [known, other] = VMS as [VmId, VmId];
  const tick = () => {
    seats.take(samples(VMS, { at: clock.now() + 1_000, cpu: 2 }), clock.now());
    clock.advanceTo(instant(clock.now() + STEP_MS));
  };
  tick();
  await ear.until(() => ear.ticks() === 1);
  await desk.value.settled();
  const before = await desk.value.ask({ kind: "vm-forecast", vm: known });
  let open = (): void => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  tick();
  await ear.until((heard) => heard.filter((news) => news.kind === "doing" && /deciding/.test(news.doing)).length === 2);
  expect(await asked(desk.value)).toMatchObject({ ok: true, value: { at: new Date(START + STEP_MS).toISOString() } });
  expect(await desk.value.ask({ kind: "vm-forecast", vm: known })).toEqual(before);
  const waiting = desk.value.ask({ kind: "vm-forecast", vm: other });
  open();
  expect(await waiting).toMatchObject({ ok: true, value: { origin: new Date(START + 2 * STEP_MS).toISOString() } });
  await desk.value.stop();
});

const folder = openFolder();
afterAll(folder.remove);

/** A thread of cells that ends at once when it is told of a VM of this name. */
const DEADLY = "deadly" as VmId;
const WORKER = pathToFileURL("dist/main/serve/cell-worker.js").href;
const PROGRAM = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    import "${WORKER}";
    parentPort.on("message", ({ columns }) => {
      if (columns?.vms.includes("${DEADLY}")) throw new Error("a test ended this thread");
    });`)}`,
);

async function modelsIn(path: string, stepSeconds: number): Promise<string> {
  const id = modelIdOf(NETWORK);
  const lineage = aLineage({ id, featureSet: FEATURE_SET, data: { ...aLineage().data, stepSeconds } });
  await writeModel(path, { lineage, network: NETWORK });
  await writeServing(path, { ...NOTHING_SERVES, serving: id });
  return id;
}

const THREAD_STEP_MS = 10_000;

test("a cell in a thread forecasts natively; when the thread ends it says so, and goes on where it was with all samples", async () => {
  const models = join(folder.path, "models");
  const id = await modelsIn(models, THREAD_STEP_MS / 1000);
  const opened = await openStore({ kind: "embedded", folder: join(folder.path, "data") });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const notices: string[] = [];
  const seats = seatsInThreads({
    threadsMax: 2,
    program: PROGRAM,
    onNotice: (sentence) => notices.push(sentence),
    data: {
      ...{ ticket: store.ticket, models, stepMs: THREAD_STEP_MS, shadowVm: SHADOW_VM },
      ...{ checkpointMs: durationMs(HOUR_MS), process: "test" },
    },
  });
  const hand = async (vms: readonly VmId[], cpu: number) => {
    const now = instant(Date.now());
    const columns = samples(vms, { at: now, cpu });
    await store.samples.append(columns, now);
    seats.take(columns, now);
  };
  const ear = listener();
  const desk = await seats.open(planOf(THREAD_STEP_MS), ear.onNews);
  if (!desk.ok) throw new Error(desk.error.message);
  expect(notices.join()).toMatch(/served by onnxruntime/);
  await hand(VMS, 2);
  await ear.until(() => ear.ticks() >= 1);
  expect(ear.statuses().at(-1)).toMatchObject({ silentVms: 0, network: { id, servedBy: "onnxruntime" } });
  const forecast = await desk.value.ask({ kind: "vm-forecast", vm: VMS[0] as VmId });
  expect(forecast).toMatchObject({ ok: true, value: { vm: "a", resources: { cpu: { nextTick: expect.any(Array) } } } });
  await hand(VMS, 3);
  const ticksBefore = ear.statuses().at(-1)?.ticks ?? 0;
  await hand([DEADLY], 1);
  await ear.until((heard) => heard.some(({ kind }) => kind === "failed"));
  expect(ear.heard.find(({ kind }) => kind === "failed")).toMatchObject({
    failure: { kind: "unavailable", message: expect.stringContaining("a test ended this thread") },
  });
  expect(await asked(desk.value)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  await ear.until(() => (ear.statuses().at(-1)?.ticks ?? 0) > ticksBefore);
  const after = await asked(desk.value);
  expect(after).toMatchObject({ ok: true, value: { vm: "a", resources: { cpu: { demand: expect.closeTo(3, 1) } } } });
  await desk.value.stop();
  await seats.close();
  const stored = await store.cells.load(CELL);
  expect(stored.ok && stored.value?.checkpoint?.at).toBeGreaterThan(0);
  await store.close();
}, 120_000);

function asked(desk: CellDesk) {
  return desk.ask({ kind: "vm-allocation", vm: VMS[0] as VmId });
}
