import { expect, test } from "vitest";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { hostsOf, readTick, recordedResources, resourceAt } from "./host-case.ts";
import { cpuTrace, seededTrace } from "./small-trace.arbitrary.ts";

test("hosts are filled in the order of the trace; the last one takes the rest", () => {
  const hosts = hostsOf(seededTrace({ seed: 1, vms: 123, days: 1, stepMinutes: 360 }), 50);
  expect(hosts.map(({ name, vmNames }) => [name, vmNames.length, vmNames[0], vmNames.at(-1)])).toEqual([
    ["host-1", 50, "1", "50"],
    ["host-2", 50, "51", "100"],
    ["host-3", 23, "101", "123"],
  ]);
  expect(hostsOf(seededTrace({ seed: 1, vms: 10, days: 1, stepMinutes: 360 }), 1)[0]?.name).toBe("host-01");
});

test("base is the 25th percentile of the training half, the fixed size 1.5 x its largest; the scored half counts for neither", () => {
  const [host] = hostsOf(cpuTrace([[4, 1, Number.NaN, 3, 2, 99, 99, 99, 99, 99]]), 50);
  expect(host?.firstScored).toBe(5);
  expect(host?.base[0]).toBe(1.75);
  expect(host?.fixedSize[0]).toBe(6);
});

test("the provisioned size counts where the trace knows it", () => {
  const trace = cpuTrace([[4, 1, 3, 2]]);
  const [vm] = trace.vms;
  if (vm === undefined) throw new Error("a trace of one VM has one");
  const [host] = hostsOf({ ...trace, vms: [{ ...vm, provisioned: { cpu: 16 } }] }, 50);
  expect(host?.fixedSize[0]).toBe(16);
});

test("what is not recorded is absent, not zero demand", () => {
  const [host] = hostsOf(
    cpuTrace([
      [1, 2],
      [3, 4],
    ]),
    50,
  );
  if (host === undefined) throw new Error("two VMs fill one host");
  expect(recordedResources(host)).toEqual(["cpu"]);
  const row = new Float64Array(2 * RESOURCE_COUNT);
  readTick(host, 1, row);
  const gap = Number.NaN;
  expect([...row]).toEqual([2, gap, gap, gap, 4, gap, gap, gap]);
  expect([host.base[1], host.fixedSize[1]]).toEqual([0, 0]);
  expect([0, 1, 6].map(resourceAt)).toEqual(["cpu", "memory", "network"]);
});

test("a VM unknown in the training half has a base of nothing", () => {
  const [host] = hostsOf(cpuTrace([[Number.NaN, Number.NaN, 5, 6]]), 50);
  expect([host?.base[0], host?.fixedSize[0]]).toEqual([0, 0]);
});
