// A day's work at the command line, on the real service: begun, looked at, changed, explained, stopped, backed up, restored.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Static } from "typebox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../../src/api/client/client.ts";
import type { CellBody } from "../../../src/api/contract/fleet.ts";
import { openFolder } from "../serve-process.ts";
import { type Ended, headroom, type Served, serveOn } from "./running-cli.ts";

const folder = openFolder();
const data = join(folder.path, "data");
let service: Served;
let key = "";

beforeAll(async () => {
  service = await serveOn(data);
  key = service.key ?? "";
  await fill();
});

afterAll(async () => {
  await service.stop();
  folder.remove();
});

const GIB = 2 ** 30;
const amounts = (cpu: number) => ({ cpu, memory: cpu * 4 * GIB, network: cpu * 1e8, storage: cpu * 1e8 });

const CELL: Static<typeof CellBody> = {
  serviceLevel: 0.99,
  stepSeconds: 15,
  mode: "observe",
  acting: [],
  killSwitch: false,
};

async function fill(): Promise<void> {
  const client = createClient({ address: service.address.replace(/\/$/, ""), fetcher: fetch, key });
  const made = [
    await client.putCustomer({ id: "meridian", body: { name: "Meridian Cards" } }),
    await client.putWorkload({ id: "meridian-web", body: { customer: "meridian", class: "web" } }),
    await client.putCell({ id: "cell-1", body: CELL }),
    await client.putPool({ id: "shared", body: { kind: "shared" } }),
    await client.putHost({ id: "host-1", body: { cell: "cell-1", pool: "shared", capacity: amounts(40) } }),
    await client.putVm({
      id: "web-1",
      body: { workload: "meridian-web", host: "host-1", base: amounts(1), ceiling: amounts(4) },
    }),
  ];
  expect(made.filter(({ ok }) => !ok)).toEqual([]);
}

const cli = (...argv: string[]): Promise<Ended> =>
  headroom(argv, { HEADROOM_SERVER: service.address, HEADROOM_KEY: key });

async function done(...argv: string[]): Promise<string> {
  const { code, out, err } = await cli(...argv);
  expect({ argv, code, err }).toEqual({ argv, code: 0, err: "" });
  return out;
}

test("a watch hears the first tick that knows of the VM, and then everything else does", async () => {
  const out = await done("watch", "--ticks", "1", "--json");
  const [tick] = out.trim().split("\n").slice(-1);
  expect(JSON.parse(tick ?? "")).toMatchObject({ customers: [{ id: "meridian", vms: 1 }], hosts: [{ id: "host-1" }] });

  expect(await done("vms")).toMatch(/^web-1 +- +\d/m);
  expect(await done("customers")).toMatch(/^meridian +out +1/m);
  expect(await done("hosts")).toMatch(/^host-1 +1 /m);
  expect(JSON.parse(await done("hosts", "host-1", "--json"))).toMatchObject({
    host: { id: "host-1" },
    state: { vms: 1 },
  });
  expect(await done("status")).toContain("1 host, 1 VM");
  expect(await done("vms", "web-1")).toContain("Opted out: everything stays at its base.");
  expect(await done("customers", "meridian")).toContain("Workloads: meridian-web (web).");
  expect(await done("explain", "web-1", "cpu")).toMatch(/^web-1 has \d.* of CPU now: its base/);
  expect(JSON.parse(await done("explain", "web-1", "--json"))).toMatchObject({ vm: "web-1", isObserved: true });
  expect(await done("watch", "web-1", "--ticks", "1")).toMatch(/ web-1: CPU unknown of \d/);
});

test("opting in and out is seen by whoever asks next", async () => {
  const line = ["opt-in", "meridian", "--plan", "predictive", "--resources", "cpu", "--ceiling", "cpu=2"];
  expect(await done(...line)).toContain("opted in for CPU with plan predictive");
  expect(await done("vms", "web-1")).toContain("Opted in for cpu with plan predictive.");
  expect(await done("opt-out", "meridian")).toContain("meridian is opted out altogether.");
  expect(JSON.parse(await done("customers", "--json"))).toMatchObject({ items: [{ contract: { optedIn: [] } }] });
});

test("a profile is checked, declared, shown, and set beside what came", async () => {
  const file = join(folder.path, "profile.yaml");
  writeFileSync(file, "workloadClass: web\ndemand:\n  cpu: {typical: 1.5, peak: 1}\n");
  expect(await cli("profile", "validate", "meridian-web", file)).toMatchObject({
    code: 1,
    err: expect.stringContaining("/demand/cpu/peak"),
  });
  writeFileSync(file, "workloadClass: web\ndemand:\n  cpu: {typical: 1.5, peak: 4}\n");
  expect(await done("profile", "validate", "meridian-web", file)).toContain("could be declared");
  expect(await done("profile", "put", "meridian-web", file)).toContain("version 1");
  expect(await done("profile", "show", "meridian-web")).toMatch(/^CPU +1\.5 cores/m);
  expect(await done("profile", "history", "meridian-web")).toMatch(/^ +1 .* created/m);
  expect(JSON.parse(await done("profile", "accuracy", "meridian-web", "--json"))).toMatchObject({
    workload: "meridian-web",
  });
});

test("events are announced, listed and cancelled", async () => {
  const times = ["--start", "2027-04-03 08:00", "--end", "2027-04-05 22:00"];
  const { id } = JSON.parse(await done("events", "add", "spring-sale", ...times, "--uplift", "1.6", "--json"));
  expect(await done("events", "list")).toContain(`${id}  spring-sale  2027-04-03 08:00  2027-04-05 22:00`);
  expect(await done("events", "cancel", id)).toContain("is cancelled");
  expect(await done("events", "list")).toContain("No events are announced");
});

test("a calendar is sent in, shown, corrected and muted, and a hook is given its secret", async () => {
  const { id } = JSON.parse(await done("sources", "add", "calendar", "Campaigns", "--customer", "meridian", "--json"));
  const entry = ["UID:1", "SUMMARY:spring sale", "DTSTART:20270403T080000Z", "DTEND:20270405T220000Z"];
  const file = join(folder.path, "campaigns.ics");
  const lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", ...entry, "END:VEVENT", "END:VCALENDAR", ""];
  writeFileSync(file, lines.join("\r\n"));
  expect(await done("sources", "upload", id, file)).toContain("is taken.");
  expect(await done("sources", "list")).toMatch(new RegExp(`^${id} +Campaigns +calendar +meridian +sent in`, "m"));
  expect(await done("sources", "show", id)).toMatch(/spring/);
  const { next } = JSON.parse(await done("sources", "show", id, "--json"));
  const [event] = next as readonly [{ readonly id: string }];
  expect(await done("events", "correct", event.id, "--uplift", "1.8")).toContain("is corrected");
  expect(await done("events", "show", event.id)).toMatch(/said "spring sale"[\s\S]*People know better: declaredUplift/);
  expect(await done("events", "mute", event.id)).toContain("counts no more");
  expect(await done("events", "show", event.id)).toContain("It is muted");
  expect(await done("sources", "mute", id)).toContain("is muted");
  expect(await done("sources", "unmute", id)).toContain("heard again");
  const hook = JSON.parse(await done("sources", "add", "hook", "Shop system", "--json"));
  expect(await done("sources", "secret", hook.id)).toMatch(/^URL=http.*\/v1\/hooks\/.*\nSECRET=hook_/m);
  expect(await done("sources", "remove", id)).toContain("are removed");
  const inside = await cli("sources", "add", "calendar", "Inside", "--url", "http://10.0.0.1/x.ics");
  expect(inside).toMatchObject({ code: 1, err: expect.stringContaining("private network") });
});

test("a key that was made works, may what it may, and ends", async () => {
  const made = JSON.parse(await done("keys", "add", "page", "--customer", "meridian", "--json"));
  const own = { HEADROOM_SERVER: service.address, HEADROOM_KEY: made.secret };
  expect(await headroom(["vms"], own)).toMatchObject({ code: 0, out: expect.stringContaining("web-1") });
  expect(await headroom(["status"], own)).toMatchObject({ code: 1, err: expect.stringContaining("operators only") });
  expect(await headroom(["doctor"], own)).toMatchObject({
    code: 0,
    out: expect.stringContaining("that of a customer"),
  });
  expect(await done("keys", "list")).toContain(made.id);
  expect(await done("keys", "revoke", made.id)).toContain("is ended");
  const after = await headroom(["vms"], own);
  expect(after).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("does not take the key of HEADROOM_KEY"),
  });
  expect(after.err).not.toContain(made.secret);
});

test("the doctor finds the VM that nobody sends samples of", async () => {
  const { code, out } = await cli("doctor", "--json");
  const { findings } = JSON.parse(out);
  expect(code).toBe(1);
  expect(findings.filter(({ state }: { state: string }) => state === "wrong")).toEqual([
    expect.objectContaining({ check: "silent VMs of cell-1", next: expect.stringContaining("POST /v1/samples") }),
  ]);
});

test("what is not there, or not right, is one sentence", async () => {
  expect(await cli("vms", "nobody")).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringContaining("headroom vms lists them.\n"),
  });
  expect(await headroom(["vms"], { HEADROOM_SERVER: service.address })).toMatchObject({
    code: 1,
    err: expect.stringContaining("asks for a key"),
  });
  expect(await headroom(["vms"], { HEADROOM_SERVER: "http://127.0.0.1:1" })).toMatchObject({
    code: 1,
    err: expect.stringContaining("Nobody answers at http://127.0.0.1:1"),
  });
  expect(await headroom(["vms"], { HEADROOM_SERVER: "nowhere" })).toMatchObject({ code: 1 });
});

test("a backup needs the service stopped; what is restored is what was there", async () => {
  const file = join(folder.path, "all.backup");
  expect(await cli("backup", file, "--data", data)).toMatchObject({
    code: 1,
    err: expect.stringContaining(`A Headroom works on ${data}: stop it first`),
  });
  const before = JSON.parse(await done("customers", "meridian", "--json"));
  expect(await service.stop()).toBe(0);
  expect(JSON.parse(await done("backup", file, "--data", data, "--json"))).toMatchObject({ file, store: data });
  expect(await cli("backup", file, "--data", data)).toMatchObject({ code: 1, err: expect.stringContaining("--force") });
  expect(await cli("restore", file, "--data", data)).toMatchObject({
    code: 1,
    err: expect.stringContaining("restore only into an empty one"),
  });
  const other = join(folder.path, "other");
  expect(await done("restore", file, "--data", other)).toContain(`${file} is in ${other}.`);
  service = await serveOn(other);
  expect(service.key).toBeUndefined();
  const after = JSON.parse(await done("customers", "meridian", "--json"));
  expect({ ...after, allocation: null, forecast: null, decisions: null }).toEqual({
    ...before,
    allocation: null,
    forecast: null,
    decisions: null,
  });
});
