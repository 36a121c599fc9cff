// Bitbrains, GWA-T-12: one file a VM, a row every 5 minutes, MHz and KB/s; rows with 0 cores say that the VM was off.
// Source: Shen, van Beek, Iosup, "Statistical Characterization of Business-Critical Workloads", CCGrid 2015.
import { RESOURCES } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { TICK_MS_DEFAULT } from "../../model/time.ts";
import { KIBIBYTE } from "../../model/units.ts";
import { amountOf, EXPECTED_AMOUNT, EXPECTED_EPOCH, epochMs } from "./field-values.ts";
import { stemOf } from "./file-names.ts";
import { type FileSamples, type PerResource, type SizeRange, type TraceFileJob, widened } from "./file-samples.ts";
import { type RowProblem, shown } from "./problems.ts";
import { appendRow, emptyTable, type RowTable, rowOf } from "./row-table.ts";
import { type RowLayout, readRows } from "./rows.ts";
import { samplesOfRows } from "./ticks.ts";

export const BITBRAINS_LAYOUT: RowLayout = {
  columns: [
    "Timestamp [ms]",
    "CPU cores",
    "CPU capacity provisioned [MHZ]",
    "CPU usage [MHZ]",
    "CPU usage [%]",
    "Memory capacity provisioned [KB]",
    "Memory usage [KB]",
    "Disk read throughput [KB/s]",
    "Disk write throughput [KB/s]",
    "Network received throughput [KB/s]",
    "Network transmitted throughput [KB/s]",
  ],
  delimiter: ";\t",
  quotes: false,
  rowsMax: 5_000_000,
};

/** Where a row holds what. The header calls the time milliseconds; it is seconds. */
const AT = {
  time: 0,
  cores: 1,
  capacityMhz: 2,
  usageMhz: 3,
  sizeKb: 5,
  usageKb: 6,
  read: 7,
  write: 8,
  received: 9,
  sent: 10,
};

/** One VM. Fails with "bad-input", naming file, line and column. A VM that was never on has no known size. */
export async function readBitbrainsFile({ file, lenient }: TraceFileJob): Promise<Result<FileSamples>> {
  const table = emptyTable(BITBRAINS_LAYOUT.columns.length);
  const numbers = new Float64Array(table.width);
  const take = (fields: readonly string[]) => {
    const problem = parseRow(fields, numbers);
    if (problem === undefined) appendRow(table, numbers);
    return problem;
  };
  const read = await readRows({ file, lenient, layout: BITBRAINS_LAYOUT, take });
  if (!read.ok) return read;
  const { poweredOffRows, sizes } = statesOf(table);
  const vm = { vm: stemOf(file), table, resources: RESOURCES, demand: demandOf, sizes };
  const samples = samplesOfRows({ file, counts: read.value, vms: [vm], stepMs: TICK_MS_DEFAULT });
  if (!samples.ok) return samples;
  return success({ ...samples.value, repairs: { ...samples.value.repairs, poweredOffRows } });
}

function parseRow(fields: readonly string[], into: Float64Array): RowProblem | undefined {
  for (let column = 0; column < into.length; column++) {
    const text = fields[column] as string;
    const number = column === AT.time ? epochMs(text) : amountOf(text);
    if (Number.isNaN(number)) {
      const expected = column === AT.time ? EXPECTED_EPOCH : EXPECTED_AMOUNT;
      return { column: column + 1, expected, got: shown(text) };
    }
    into[column] = number;
  }
  if (into[AT.cores] === 0 || into[AT.capacityMhz] !== 0 || into[AT.usageMhz] === 0) return undefined;
  return { column: AT.capacityMhz + 1, expected: "a capacity above 0 beside a usage above 0", got: "0" };
}

/** In the order of RESOURCES: cpu, memory, network, storage. What the counters of a VM that is off say is stale. */
function demandOf(row: Float64Array, into: Float64Array): void {
  const at = (column: number) => row[column] as number;
  const cores = at(AT.cores);
  if (cores === 0) {
    into.fill(0);
    return;
  }
  const usageMhz = at(AT.usageMhz);
  into[0] = usageMhz === 0 ? 0 : usageMhz / (at(AT.capacityMhz) / cores);
  into[1] = at(AT.usageKb) * KIBIBYTE;
  into[2] = (at(AT.received) + at(AT.sent)) * KIBIBYTE;
  into[3] = (at(AT.read) + at(AT.write)) * KIBIBYTE;
}

function statesOf(table: RowTable): { poweredOffRows: number; sizes: PerResource<SizeRange> } {
  let poweredOffRows = 0;
  let sizes: PerResource<SizeRange> = {};
  for (let index = 0; index < table.rowCount; index++) {
    const row = rowOf(table, index);
    const cores = row[AT.cores] as number;
    if (cores === 0) poweredOffRows++;
    else
      sizes = { cpu: widened(sizes.cpu, cores), memory: widened(sizes.memory, (row[AT.sizeKb] as number) * KIBIBYTE) };
  }
  return { poweredOffRows, sizes };
}
