// Numenta Anomaly Benchmark: `timestamp,value`, one series a file. The file's name tells what was measured.
// Source: Ahmad, Lavin, Purdy, Agha, Neurocomputing 262, 2017; CloudWatch metrics for the most part.
import { basename } from "node:path";
import { type Resource, UNIT_NAME } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { SECOND_MS } from "../../model/time.ts";
import { stemOf } from "./file-names.ts";
import type { FileSamples, TraceFileJob } from "./file-samples.ts";
import { emptyTable } from "./row-table.ts";
import { type RowLayout, readRows } from "./rows.ts";
import { samplesOfRows, type VmRows } from "./ticks.ts";
import { takeTimeAndValue } from "./time-and-value.ts";

export const NAB_LAYOUT: RowLayout = {
  columns: ["timestamp", "value"],
  delimiter: ",",
  quotes: true,
  rowsMax: 20_000_000,
};
const ONE_CORE = { smallest: 1, largest: 1 };

/** One VM, called as the file. Fails with "bad-input", naming file, line and column. */
export async function readNabFile({ file, lenient, resource }: TraceFileJob): Promise<Result<FileSamples>> {
  const table = emptyTable(2);
  const take = (fields: readonly string[]) => takeTimeAndValue(table, fields as readonly [string, string]);
  const counts = await readRows({ file, lenient, layout: NAB_LAYOUT, take });
  if (!counts.ok) return counts;
  const meaning = meaningOf(file, resource);
  const vm = { vm: stemOf(file), table, ...meaning };
  const samples = samplesOfRows({ file, counts: counts.value, vms: [vm] });
  if (!samples.ok || meaning.known) return samples;
  const guess = `${file}: the name does not say what was measured; taken as ${UNIT_NAME.cpu} of cpu`;
  return success({ ...samples.value, notices: [...samples.value.notices, guess] });
}

type Meaning = Pick<VmRows, "resources" | "demand" | "sizes"> & { readonly known: boolean };

/**
 * What the numbers are. CloudWatch's are percent of a machine for cpu (taken as one core) and bytes a sample for
 * network and disk. A resource that is given, and is not what the name says, has its numbers in base units already.
 */
function meaningOf(file: string, given: Resource | undefined): Meaning {
  const named = resourceInName(file);
  const resource = given ?? named ?? "cpu";
  const known = given !== undefined || named !== undefined;
  if (resource !== named) return { resources: [resource], demand: asItIs, sizes: {}, known };
  if (resource === "cpu") return { resources: ["cpu"], demand: percent, sizes: { cpu: ONE_CORE }, known };
  return { resources: [resource], demand: aSample, sizes: {}, known };
}

function resourceInName(file: string): Resource | undefined {
  const name = basename(file).toLowerCase();
  if (name.includes("cpu")) return "cpu";
  if (name.includes("network")) return "network";
  if (name.includes("disk")) return "storage";
  return undefined;
}

function asItIs(row: Float64Array, into: Float64Array): void {
  into[0] = row[1] as number;
}

function percent(row: Float64Array, into: Float64Array): void {
  into[0] = (row[1] as number) / 100;
}

function aSample(row: Float64Array, into: Float64Array, stepMs: number): void {
  into[0] = (row[1] as number) / (stepMs / SECOND_MS);
}
