// Samples on their way in: as JSON and as bytes, known and unknown, and more of them than can be kept.
import { expect, test } from "vitest";
import { createClient } from "../../../src/api/client/client.ts";
import { packSamples } from "../../../src/api/contract/packed-samples.ts";
import type { Store } from "../../../src/control/store-ports.ts";
import { ask } from "./ask.ts";
import { KEYS, OWN, OWN_VM, OWN_WORKLOAD, startsServices } from "./running-service.ts";

const started = startsServices({ ticks: 1 });

const AT = Date.UTC(2026, 2, 2, 0, 6);
const SPAN = { from: "2026-03-02T00:05:30Z", to: "2026-03-02T00:06:00Z", step: 30 };

test("bytes and JSON say the same", async () => {
  const service = await started();
  const vms = [OWN_VM, `${OWN}-database-7`, `${OWN}-web-6`];
  const columns = {
    vms,
    vm: Uint32Array.of(0, 2),
    at: Float64Array.of(AT, AT),
    usage: Float32Array.of(1.5, 2 ** 31, Number.NaN, 4, 0.25, 1, 2, 3),
  };
  const rows = [
    [0, "2026-03-02T00:06:00Z", 1.5, 2 ** 31, null, 4],
    [2, AT, 0.25, 1, 2, 3],
  ];
  const [packed, json] = [
    await service.as("operator").postSamples({ body: packSamples(columns) }),
    await service.as("operator").postSamples({ body: { vms, rows } }),
  ];
  expect(packed).toEqual(json);
  const seen = await service.as("own").getVmHistory({ id: OWN_VM, query: SPAN });
  expect(seen).toMatchObject({
    ok: true,
    value: { mean: { cpu: [1.5], memory: [2 ** 31], network: [null], storage: [4] } },
  });
  const [first, second] = service.heard;
  expect(first).toEqual(second);
});

const WRONG: readonly (readonly [string, unknown])[] = [
  ["", []],
  ["/colour", { vms: [], rows: [], colour: 1 }],
  ["/vms", { rows: [] }],
  ["/vms/0", { vms: ["a b"], rows: [] }],
  ["/rows", { vms: [], rows: {} }],
  ["/rows/0", { vms: ["a"], rows: [[0, AT, 1, 2, 3]] }],
  ["/rows/0/0", { vms: ["a"], rows: [[1, AT, 1, 2, 3, 4]] }],
  ["/rows/0/0", { vms: ["a"], rows: [[0.5, AT, 1, 2, 3, 4]] }],
  ["/rows/0/1", { vms: ["a"], rows: [[0, "2026-03-02", 1, 2, 3, 4]] }],
  ["/rows/0/1", { vms: ["a"], rows: [[0, AT / 1000, 1, 2, 3, 4]] }],
  ["/rows/0/1", { vms: ["a"], rows: [[0, AT + 10 * 86_400_000, 1, 2, 3, 4]] }],
  [
    "/rows/1/3",
    {
      vms: ["a"],
      rows: [
        [0, AT, 1, 2, 3, 4],
        [0, AT, 1, "2", 3, 4],
      ],
    },
  ],
  ["/rows/0/5", { vms: ["a"], rows: [[0, AT, 1, 2, 3, -4]] }],
  ["/rows/0/2", { vms: ["a"], rows: [[0, AT, 1e31, 2, 3, 4]] }],
];

test("a fault is named with its row and column, and nothing of the batch is kept", async () => {
  const service = await started();
  for (const [pointer, body] of WRONG) {
    const answer = await ask(service.address, { method: "POST", path: "/v1/samples", key: "operator", body });
    expect({ body, json: answer.json }).toMatchObject({
      body,
      json: { status: 400, errors: [{ in: "body", pointer }] },
    });
  }
  expect(service.heard).toEqual([]);
});

test("bytes that are cut, too many, or other bytes are refused", async () => {
  const service = await started();
  const whole = packSamples({ vms: ["a"], vm: Uint32Array.of(0), at: Float64Array.of(AT), usage: new Float32Array(4) });
  const huge = whole.slice();
  new DataView(huge.buffer).setUint32(8, 2 ** 31, true);
  const longId = whole.slice();
  new DataView(longId.buffer).setUint16(12, 60_000, true);
  const headers = { "content-type": "application/octet-stream" };
  for (const body of [
    new Uint8Array(),
    whole.slice(0, -1),
    Uint8Array.from([...whole, 0]),
    huge,
    longId,
    whole.toReversed(),
  ]) {
    const answer = await ask(service.address, { method: "POST", path: "/v1/samples", key: "operator", body, headers });
    expect(answer.status).toBe(400);
  }
});

test("unknown VMs are discovered for an operator who says where they belong", async () => {
  const service = await started();
  const body = {
    vms: ["new-1", "new-2", OWN_VM],
    rows: [
      [0, AT, 1, 2, 3, 4],
      [1, AT, 1, 2, 3, 4],
      [2, AT, 1, 2, 3, 4],
    ],
  };
  const client = service.as("operator");
  expect(await client.postSamples({ body, query: { discover: true } })).toMatchObject({ error: { status: 422 } });
  expect(await client.postSamples({ body })).toMatchObject({ value: { accepted: 1, unknown: ["new-1", "new-2"] } });
  const query = { discover: true, host: "host-1", workload: OWN_WORKLOAD };
  expect(await client.postSamples({ body, query })).toEqual({
    ok: true,
    value: { accepted: 3, unknown: [], unknownRows: 0, discovered: 2 },
  });
  expect(await service.as("own").getVm({ id: "new-2" })).toMatchObject({
    ok: true,
    value: { host: "host-1", base: { cpu: 0 } },
  });
  expect(await client.postSamples({ body })).toMatchObject({ value: { accepted: 3, discovered: 0 } });
  expect(service.changed).toContainEqual({ kind: "vm", id: "new-1" });
});

/** A store that keeps nothing before it is told to. */
function heldUp() {
  let release = (): void => {};
  const free = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrivals = 0;
  let onArrival = (): void => {};
  const wrap = (store: Store): Store => ({
    ...store,
    samples: {
      ...store.samples,
      async append(columns, receivedAt) {
        arrivals++;
        onArrival();
        await free;
        return store.samples.append(columns, receivedAt);
      },
    },
  });
  const arrived = (count: number) =>
    new Promise<void>((resolve) => {
      onArrival = () => {
        if (arrivals >= count) resolve();
      };
      onArrival();
    });
  return { wrap, release, arrived };
}

test("more than can be kept is told to come later, and then all of it is kept", async () => {
  const { wrap, release, arrived } = heldUp();
  const service = await started({ wrap, limits: { inboxRowsMax: 3 } });
  const body = {
    vms: [OWN_VM],
    rows: [
      [0, AT, 1, 2, 3, 4],
      [0, AT - 1, 1, 2, 3, 4],
    ],
  };
  const first = service.as("operator").postSamples({ body });
  await arrived(1);
  const refused = await ask(service.address, { method: "POST", path: "/v1/samples", key: "operator", body });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  const patient = createClient({ address: service.address, fetcher: fetch, key: KEYS.operator, triesMax: 10 });
  const second = patient.postSamples({ body, idempotencyKey: "batch-2" });
  release();
  expect(await first).toMatchObject({ ok: true, value: { accepted: 2 } });
  expect(await second).toMatchObject({ ok: true, value: { accepted: 2 } });
  expect(service.heard).toHaveLength(2);
});
