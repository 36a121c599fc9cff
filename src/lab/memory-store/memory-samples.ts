// Samples in memory: batches as they came, and the largest of every hour of days long past.
import type { SampleColumns, SampleStore, VmSamples } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { success } from "../../model/result.ts";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import type { MemoryTables } from "./memory-tables.ts";

export function memorySamples({ batches, hours }: MemoryTables): SampleStore {
  const all = () => [...hours, ...batches.map(({ columns }) => columns)];
  return {
    async append(columns, receivedAt) {
      batches.push({ receivedAt, columns: copyOf(columns) });
      return success(undefined);
    },
    async read(vm, { from, to }) {
      const rows = new Map<number, readonly number[]>();
      for (const { id, at, usage } of rowsOf(all())) if (id === vm && at >= from && at < to) rows.set(at, usage);
      return success(inColumns([...rows].sort(([left], [right]) => left - right)));
    },
    async *batchesAfter(after) {
      for (const { receivedAt, columns } of batches) if (receivedAt > after) yield success({ receivedAt, columns });
    },
    fold: async () => success({ folded: 0 }),
    async retain({ samplesFrom, hoursFrom }) {
      const [samplesDay, hoursDay] = [dayOf(samplesFrom), dayOf(hoursFrom)];
      const largest = new Map<string, Row>();
      for (const row of rowsOf(all())) if (row.at < samplesDay && row.at >= hoursDay) intoHour(largest, row);
      for (const [index, batch] of batches.entries())
        batches[index] = {
          ...batch,
          columns: toColumns([...rowsOf([batch.columns])].filter(({ at }) => at >= samplesDay)),
        };
      const left = batches.filter(({ columns }) => columns.at.length > 0);
      batches.splice(0, batches.length, ...left);
      hours.splice(0, hours.length, toColumns([...largest.values()]));
      return success(undefined);
    },
  };
}

interface Row {
  readonly id: VmId;
  readonly at: number;
  /** By resource. */
  readonly usage: readonly number[];
}

function* rowsOf(all: readonly SampleColumns[]): Generator<Row> {
  for (const { vms, vm, at, usage } of all)
    for (const [row, when] of at.entries()) {
      const id = vms[vm[row] as number] as VmId;
      yield { id, at: when, usage: [...usage.subarray(row * RESOURCE_COUNT, (row + 1) * RESOURCE_COUNT)] };
    }
}

function toColumns(rows: readonly Row[]): SampleColumns {
  const vms = [...new Set(rows.map(({ id }) => id))];
  const places = new Map(vms.map((id, place) => [id, place]));
  return {
    vms,
    vm: Uint32Array.from(rows, ({ id }) => places.get(id) as number),
    at: Float64Array.from(rows, ({ at }) => at),
    usage: Float32Array.from(rows.flatMap(({ usage }) => usage)),
  };
}

function copyOf({ vms, vm, at, usage }: SampleColumns): SampleColumns {
  return { vms: [...vms], vm: vm.slice(), at: at.map(Math.round), usage: usage.slice() };
}

function inColumns(rows: readonly (readonly [number, readonly number[]])[]): VmSamples {
  const of = (offset: number) => Float32Array.from(rows, ([, usage]) => usage[offset] as number);
  return {
    at: Float64Array.from(rows, ([at]) => at),
    usage: { cpu: of(0), memory: of(1), network: of(2), storage: of(3) },
  };
}

function intoHour(largest: Map<string, Row>, { id, at, usage }: Row): void {
  const end = Math.ceil(at / HOUR_MS) * HOUR_MS;
  const name = `${id} ${end}`;
  const before = largest.get(name);
  const merged = usage.map((amount, offset) => largerOf(amount, before?.usage[offset] ?? Number.NaN));
  largest.set(name, { id, at: end, usage: merged });
}

/** NaN: not measured. */
function largerOf(left: number, right: number): number {
  return left > right || Number.isNaN(right) ? left : right;
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
