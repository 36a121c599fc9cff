import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cell, checkCell, type Id, parseId } from "./fleet.ts";
import { NOTHING, resourceVector } from "./resources.ts";

const id = <Kind extends string>(text: string) => text as Id<Kind>;
const twoCores = resourceVector({ cpu: 2, memory: 2, network: 2, storage: 2 });

const sound: Cell = {
  id: id("cell-1"),
  customers: [{ id: id("acme"), name: "Acme" }],
  workloads: [{ id: id("shop"), customer: id("acme"), class: "web" }],
  pools: [
    { id: id("shared"), kind: "shared" },
    { id: id("own"), kind: "dedicated", customer: id("acme") },
  ],
  hosts: [{ id: id("host-1"), pool: id("shared"), capacity: twoCores }],
  vms: [{ id: id("vm-1"), workload: id("shop"), host: id("host-1"), base: NOTHING, ceiling: twoCores }],
};

test("a sound cell passes as it is", () => {
  expect(checkCell(sound)).toEqual({ ok: true, value: sound });
});

const [customer, workload, pool, host, vm] = [
  sound.customers[0],
  sound.workloads[0],
  sound.pools[0],
  sound.hosts[0],
  sound.vms[0],
];
const faults: readonly [string, object][] = [
  ["Two customers of cell cell-1 are called acme.", { customers: [customer, customer] }],
  ["Two workloads of cell cell-1 are called shop.", { workloads: [workload, workload] }],
  ["Two pools of cell cell-1 are called shared.", { pools: [pool, pool] }],
  ["Two hosts of cell cell-1 are called host-1.", { hosts: [host, host] }],
  ["Two VMs of cell cell-1 are called vm-1.", { vms: [vm, vm] }],
  ["Workload shop belongs to unknown customer ghost.", { workloads: [{ ...workload, customer: "ghost" }] }],
  ["Pool own is dedicated to unknown customer ghost.", { pools: [pool, { ...sound.pools[1], customer: "ghost" }] }],
  ["Host host-1 is in unknown pool ghost.", { hosts: [{ ...host, pool: "ghost" }] }],
  ["VM vm-1 has unknown workload ghost.", { vms: [{ ...vm, workload: "ghost" }] }],
  ["VM vm-1 runs on unknown host ghost.", { vms: [{ ...vm, host: "ghost" }] }],
  ["VM vm-1 has a base above its ceiling.", { vms: [{ ...vm, base: { ...NOTHING, memory: 3 } }] }],
];

test.each(faults)("%s", (message, change) => {
  expect(checkCell({ ...sound, ...change })).toEqual({ ok: false, error: { kind: "bad-input", message } });
});

test("ids are short and printable", () => {
  for (const text of ["a", "vm-1", "10.0.0.1", "a:b_c", "x".repeat(128)])
    expect(parseId("vm", text)).toEqual({ ok: true, value: text });
});

test("everything else is refused with a short, one-line reason that names the kind", () => {
  for (const text of ["", "-a", ".a", "a b", "a/b", "ä", "a\n", "x".repeat(129), "$(rm)", "<b>", "a\u0000"])
    expect(parseId("vm", text)).toMatchObject({ ok: false, error: { kind: "bad-input" } });
});

test("any garbage gives a result, never a throw, and what passes is safe", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const parsed = parseId("host", text);
      if (parsed.ok) expect(encodeURIComponent(parsed.value).replaceAll("%3A", ":")).toBe(text);
      else expect(parsed.error.message).toMatch(/^.{1,330}is no host id: use [^\n]*$/);
    }),
    { seed: 1, numRuns: 500 },
  );
});
