import { join } from "node:path";
import { expect, test } from "vitest";
import type { Resource } from "../../model/resources.ts";
import { readTrace } from "./open-trace.ts";
import { written } from "./written-files.arbitrary.ts";

const TEXT = "timestamp,value\n2014-02-14 14:30:00,30\n2014-02-14 14:35:00,60\n";

async function traceOf(name: string, resource?: Resource, text = TEXT) {
  const notices: string[] = [];
  const paths = [join(written({ [name]: text }), name)];
  const onNotice = (sentence: string) => notices.push(sentence);
  const trace = await readTrace({ paths, format: "auto", lenient: false, resource, onNotice });
  if (!trace.ok) throw new Error(trace.error.message);
  return { ...trace.value, vm: trace.value.vms[0], notices };
}

test("cpu is percent of one core, network and disk are bytes a sample", async () => {
  const cpu = await traceOf("ec2_cpu_utilization_1.csv");
  expect(cpu.format).toBe("nab");
  expect(cpu.grid).toEqual({ startMs: Date.UTC(2014, 1, 14, 14, 30), stepMs: 300_000, length: 2 });
  expect(cpu.vm?.name).toBe("ec2_cpu_utilization_1");
  expect(Array.from(cpu.vm?.demand.cpu?.values ?? [])).toEqual([0.3, 0.6]);
  expect(cpu.vm?.provisioned).toEqual({ cpu: 1 });
  const network = await traceOf("ec2_network_in_2.csv");
  expect(Array.from(network.vm?.demand.network?.values ?? [])).toEqual([0.1, 0.2]);
  const disk = await traceOf("ec2_disk_write_bytes_3.csv");
  expect(Array.from(disk.vm?.demand.storage?.values ?? [])).toEqual([0.1, 0.2]);
  expect([...cpu.notices, ...network.notices, ...disk.notices]).toEqual([]);
});

test("a name that says nothing is cpu as it is, and that is said", async () => {
  const { vm, notices } = await traceOf("Twitter_volume_UPS.csv");
  expect(Array.from(vm?.demand.cpu?.values ?? [])).toEqual([30, 60]);
  expect(vm?.provisioned).toEqual({});
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain("the name does not say what was measured");
});

test("a resource that is given wins over the name", async () => {
  const { vm, notices } = await traceOf("Twitter_volume_UPS.csv", "memory");
  expect(Array.from(vm?.demand.memory?.values ?? [])).toEqual([30, 60]);
  expect(notices).toEqual([]);
  expect(Array.from((await traceOf("a_cpu.csv", "cpu")).vm?.demand.cpu?.values ?? [])).toEqual([0.3, 0.6]);
  expect(Array.from((await traceOf("a_cpu.csv", "network")).vm?.demand.network?.values ?? [])).toEqual([30, 60]);
});

test("a resource is refused for a format that says itself what was measured", async () => {
  const folder = written({ "a.csv": "time,vm,resource,value\n0,a,cpu,1\n" });
  const trace = await readTrace({ paths: [folder], format: "auto", lenient: false, resource: "cpu" });
  expect(trace.ok ? "read" : trace.error.message).toContain("a resource can be given for nab only");
});

test.each([
  ["2014-02-14 14:40:00,x", 'a_cpu.csv, line 4, column 2 (value): expected a number of at least 0, got "x"'],
  ["then,5", "a_cpu.csv, line 4, column 1 (timestamp): expected an ISO 8601 time"],
])("a malformed row is told with its place (%#)", async (row, message) => {
  await expect(traceOf("a_cpu.csv", undefined, `${TEXT}${row}\n`)).rejects.toThrow(message);
});
