// The plain format for one's own data: `time,vm,resource,value`, a row a sample, in base units, in any order.
import { RESOURCES } from "../../model/resources.ts";
import type { Result } from "../../model/result.ts";
import { amountOf, EXPECTED_AMOUNT, EXPECTED_TIME, timeMs } from "./field-values.ts";
import type { FileSamples, TraceFileJob } from "./file-samples.ts";
import { type RowProblem, shown } from "./problems.ts";
import { appendRow, emptyTable } from "./row-table.ts";
import { type RowLayout, readRows } from "./rows.ts";
import { samplesOfRows, type VmRows } from "./ticks.ts";

export const LONG_CSV_LAYOUT: RowLayout = {
  columns: ["time", "vm", "resource", "value"],
  delimiter: ",",
  quotes: true,
  rowsMax: 50_000_000,
};
const SERIES_MAX = 1_000_000;

/** Any number of VMs. Fails with "bad-input", naming file, line and column. */
export async function readLongCsvFile({ file, lenient }: TraceFileJob): Promise<Result<FileSamples>> {
  const series = new Map<string, VmRows>();
  const take = (fields: readonly string[]) => takeSample(series, fields as Fields);
  const counts = await readRows({ file, lenient, layout: LONG_CSV_LAYOUT, take });
  return counts.ok ? samplesOfRows({ file, counts: counts.value, vms: [...series.values()] }) : counts;
}

type Fields = readonly [time: string, vm: string, resource: string, value: string];

function takeSample(series: Map<string, VmRows>, [time, vm, name, text]: Fields): RowProblem | undefined {
  const at = timeMs(time);
  if (Number.isNaN(at)) return { column: 1, expected: EXPECTED_TIME, got: shown(time) };
  if (vm === "") return { column: 2, expected: "the name of a VM", got: shown(vm) };
  const resource = RESOURCES.find((known) => known === name);
  if (resource === undefined) return { column: 3, expected: `one of ${RESOURCES.join(", ")}`, got: shown(name) };
  const value = amountOf(text);
  if (Number.isNaN(value)) return { column: 4, expected: EXPECTED_AMOUNT, got: shown(text) };

  const key = `${resource} ${vm}`;
  const known = series.get(key);
  if (known === undefined && series.size >= SERIES_MAX)
    return { column: 2, expected: `at most ${SERIES_MAX} VMs and resources in a file`, got: "one more" };
  const rows = known ?? { vm, table: emptyTable(2), resources: [resource], demand: sampleOf, sizes: {} };
  if (known === undefined) series.set(key, rows);
  appendRow(rows.table, [at, value]);
  return undefined;
}

function sampleOf(row: Float64Array, into: Float64Array): void {
  into[0] = row[1] as number;
}
