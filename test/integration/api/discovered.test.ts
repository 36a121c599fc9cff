// VMs that nobody declared, over a real socket: they are listed with what is known, and declared at once.
import { expect, test } from "vitest";
import { type SentSeries, writeBody } from "../../../src/adapters/prometheus/written.arbitrary.ts";
import { instant } from "../../../src/model/time.ts";
import { ask } from "./ask.ts";
import { type RunningService, startsServices } from "./running-service.ts";

const started = startsServices({ ticks: 1 });
const FORM = { "content-type": "application/x-protobuf", "content-encoding": "snappy" };
const CAPACITY = { cpu: 64, memory: 2 ** 39, network: 1e10, storage: 1e10 };

async function tell(service: RunningService): Promise<void> {
  const at = service.clock.now();
  const memory = (domain: string, instance: string, scrape: number): SentSeries => ({
    labels: { __name__: "libvirt_domain_memory_stats_rss_bytes", domain, instance, job: "libvirt" },
    samples: [[at + scrape * 60_000, 2 ** 30 * (1 + scrape)]],
  });
  for (let scrape = 0; scrape < 3; scrape++) {
    // A scrape that is not known to be whole waits a while.
    service.clock.advanceTo(instant(at + scrape * 60_000));
    const body = writeBody([memory("new-1", "hv-1:9177", scrape), memory("new-2", "hv-2:9177", scrape)]);
    const sent = await ask(service.address, {
      method: "POST",
      path: "/v1/prometheus/write",
      key: "collector",
      headers: FORM,
      body,
    });
    expect(sent.status).toBe(204);
  }
  await service.as("collector").postSamples({ body: { vms: ["new-3"], rows: [[0, at, 2, null, null, null]] } });
}

test("who is seen and not declared is listed with what is known, and adopted with all that it needs", async () => {
  const service = await started();
  await tell(service);
  const operator = service.as("operator");
  const seen = await operator.listDiscovered();
  expect(seen).toMatchObject({
    ok: true,
    value: {
      vmCount: 3,
      vms: [
        {
          vm: "new-1",
          host: "hv-1",
          largest: { cpu: null },
          toldBy: [{ source: "libvirt, resident", job: "libvirt" }],
        },
        { vm: "new-2", host: "hv-2" },
        { vm: "new-3", host: null, largest: { cpu: 2 }, toldBy: [] },
      ],
      hosts: [
        { host: "hv-1", vms: 1, isDeclared: false },
        { host: "hv-2", vms: 1, isDeclared: false },
      ],
    },
  });
  const vms = ["new-1", "new-2"];
  const refused = await operator.adoptDiscovered({ body: { vms, customer: "nova" } });
  expect(refused).toMatchObject({ ok: false, error: { status: 422, errors: [{ pointer: "/capacity" }] } });
  const adopted = await operator.adoptDiscovered({ body: { vms, customer: "nova", pool: "new", capacity: CAPACITY } });
  expect(adopted).toMatchObject({ ok: true, value: { vms: 2 } });
  expect(adopted.ok && adopted.value.created.map(({ kind, id }) => `${kind} ${id}`)).toEqual(
    expect.arrayContaining(["customer nova", "workload nova-adopted", "pool new", "host hv-1", "host hv-2"]),
  );
  expect(await operator.getVm({ id: "new-2" })).toMatchObject({
    ok: true,
    value: { workload: "nova-adopted", host: "hv-2", ceiling: CAPACITY },
  });
  expect(service.changed).toContainEqual({ kind: "vm", id: "new-1" });
  const left = await operator.listDiscovered();
  expect(left.ok && left.value.vms.map(({ vm }) => vm)).toEqual(["new-3"]);
  await tell(service);
  const still = await operator.listDiscovered();
  expect(still.ok && still.value.vms.map(({ vm }) => vm)).toEqual(["new-3"]);
});

test("a VM of which no metric names the host needs one; an unknown one is refused; customers see nothing of this", async () => {
  const service = await started();
  await tell(service);
  const operator = service.as("operator");
  const adopt = (body: Parameters<typeof operator.adoptDiscovered>[0]["body"]) => operator.adoptDiscovered({ body });
  expect(await adopt({ vms: ["new-3"], customer: "nova", capacity: CAPACITY })).toMatchObject({
    ok: false,
    error: { errors: [{ pointer: "/host" }] },
  });
  expect(await adopt({ vms: ["never-seen"], customer: "nova", capacity: CAPACITY })).toMatchObject({
    ok: false,
    error: { errors: [{ pointer: "/vms" }] },
  });
  expect(await adopt({ customer: "nova", host: "hv-9", capacity: CAPACITY })).toMatchObject({
    ok: true,
    value: { vms: 3 },
  });
  expect(await service.as("own").listDiscovered()).toMatchObject({ ok: false, error: { status: 403 } });
});
