// Metrics on their way in, over a real socket: what they become, whose they are, and what is refused so that Prometheus does what is
// right with it.
import { compress } from "snappyjs";
import { expect, test } from "vitest";
import { type SentSeries, writeBody } from "../../../src/adapters/prometheus/written.arbitrary.ts";
import type { Store } from "../../../src/control/store-ports.ts";
import { failure } from "../../../src/model/result.ts";
import { type Ask, ask } from "./ask.ts";
import { FOREIGN_VM, OWN_VM, type RunningService, startsServices } from "./running-service.ts";

const started = startsServices({ ticks: 1 });

const FORM = { "content-type": "application/x-protobuf", "content-encoding": "snappy" };
const write = (service: RunningService, body: Uint8Array, more: Partial<Ask> = {}) =>
  ask(service.address, {
    method: "POST",
    path: "/v1/prometheus/write",
    key: "collector",
    headers: FORM,
    body,
    ...more,
  });

const memory = (domain: string, at: number, value: number): SentSeries => ({
  labels: { __name__: "libvirt_domain_memory_stats_rss_bytes", domain, instance: "host-1", job: "libvirt" },
  samples: [[at, value]],
});

/** Closed at the latest when the server closes. */
async function heardAtEnd(service: RunningService): Promise<readonly (readonly [string, number])[]> {
  await service.close();
  return service.heard.flatMap(({ vms, vm, usage }) =>
    [...vm.keys()].map((row) => [vms[vm[row] ?? 0] ?? "", usage[row * 4 + 1] ?? 0] as const),
  );
}

test("samples reach the VMs that are known, and the others are told", async () => {
  const service = await started();
  const at = service.clock.now();
  const body = writeBody([
    memory(OWN_VM, at, 2 ** 30),
    memory("stranger", at, 5),
    { labels: { __name__: "up" }, samples: [[at, 1]] },
  ]);
  expect(await write(service, body)).toMatchObject({ status: 204, text: "" });
  const reached = await service.as("operator").getMetricsMapping();
  expect(reached).toMatchObject({
    ok: true,
    value: {
      reached: [{ metric: "libvirt_domain_memory_stats_rss_bytes", resource: "memory", vms: ["stranger", OWN_VM] }],
      ignored: [{ metric: "up", why: "no rule names this metric", samples: 1 }],
      counts: { samples: 3 },
    },
  });
  expect(await heardAtEnd(service)).toEqual([[OWN_VM, 2 ** 30]]);
});

test("a customer's key reaches its own VMs only, and is told of its own metrics only", async () => {
  const service = await started();
  const at = service.clock.now();
  await write(service, writeBody([memory(FOREIGN_VM, at, 1)]), { key: "operator" });
  await write(service, writeBody([memory(OWN_VM, at, 2), memory(FOREIGN_VM, at, 3)]), { key: "own" });
  expect(await service.as("own").getMetricsMapping()).toMatchObject({ ok: true, value: { counts: { samples: 2 } } });
  expect(await service.as("foreign").getMetricsMapping()).toMatchObject({
    ok: true,
    value: { reached: [], counts: { samples: 0 } },
  });
  expect(await heardAtEnd(service)).toEqual(
    expect.arrayContaining([
      [FOREIGN_VM, 1],
      [OWN_VM, 2],
    ]),
  );
  expect(service.heard.flatMap(({ at: rows }) => [...rows])).toHaveLength(2);
});

test("who may not, and what is no remote_write, is refused", async () => {
  const service = await started();
  const body = writeBody([memory(OWN_VM, service.clock.now(), 1)]);
  const [anonymous, reader] = [
    await ask(service.address, { method: "POST", path: "/v1/prometheus/write", headers: FORM, body }),
    await write(service, body, { key: "reader" }),
  ];
  expect([anonymous.status, reader.status]).toEqual([401, 403]);
  const statusOf = async (sent: Uint8Array, headers: Record<string, string> = FORM) =>
    (await write(service, sent, { headers })).status;
  expect(await statusOf(body, { ...FORM, "content-encoding": "gzip" })).toBe(415);
  expect(await statusOf(body, { ...FORM, "content-type": "application/json" })).toBe(415);
  const second = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
  expect(await statusOf(body, { ...FORM, "content-type": second })).toBe(415);
  expect(await statusOf(new Uint8Array())).toBe(400);
  expect(await statusOf(Uint8Array.of(1, 2, 3))).toBe(400);
  expect(await statusOf(compress(Buffer.from("no protobuf at all")))).toBe(400);
  expect(await statusOf(Uint8Array.of(255, 255, 255, 255, 15, 0))).toBe(413);
  expect(await statusOf(new Uint8Array(9 * 2 ** 20))).toBe(413);
  expect((await ask(service.address, { method: "GET", path: "/v1/prometheus/write", key: "operator" })).status).toBe(
    405,
  );
  expect(service.heard).toEqual([]);
  expect(service.errors).toEqual([]);
});

test("while samples cannot be kept Prometheus is told to come again, and what it sends twice counts once", async () => {
  let fails = true;
  const wrap = (store: Store): Store => ({
    ...store,
    samples: {
      ...store.samples,
      append: async (...given) =>
        fails ? failure("no-capacity", "The disk is full.") : store.samples.append(...given),
    },
  });
  const service = await started({ wrap });
  const at = service.clock.now();
  const known = writeBody([memory(OWN_VM, at - 30_000, 5)]);
  expect(await write(service, known)).toMatchObject({ status: 204 });
  service.clock.advanceTo((at + 20_000) as typeof at);
  const next = writeBody([memory(OWN_VM, at, 7)]);
  const refused = await write(service, next);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await write(service, next)).status).toBe(429);
  fails = false;
  await expect.poll(async () => (await write(service, next)).status, { timeout: 10_000 }).toBe(204);
  expect(await heardAtEnd(service)).toEqual([
    [OWN_VM, 5],
    [OWN_VM, 7],
  ]);
});
