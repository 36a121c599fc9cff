// Samples: appended as packed batches, folded into one chunk per VM and day; who reads sees chunks and unfolded batches as one.
import type { SampleColumns, SampleStore, VmSamples } from "../../../control/store-ports.ts";
import type { VmId } from "../../../model/fleet.ts";
import { RESOURCES } from "../../../model/resources.ts";
import { failure, type Result, success } from "../../../model/result.ts";
import { DAY_MS, type Instant, instant } from "../../../model/time.ts";
import type { Connections } from "../connections.ts";
import { amountsOf } from "./amount-code.ts";
import { columnsOf, mayHold, packBatch, unpackBatch } from "./batch.ts";
import { foldBatches } from "./folding.ts";
import { retainSamples } from "./retention.ts";
import { dayOf, mergedDay, unpackDay, type VmDay } from "./vm-day.ts";

const CATCH_UP_BATCHES = 50;

export function sampleStore(connections: Connections): SampleStore {
  return {
    append: (columns, receivedAt) => append(connections, columns, receivedAt),
    read: (vm, span) => read(connections, vm, span),
    batchesAfter: (after) => batchesAfter(connections, after),
    fold: (now) => foldBatches(connections, now),
    retain: (limits) => retainSamples(connections, limits),
  };
}

async function append(connections: Connections, columns: SampleColumns, receivedAt: Instant): Promise<Result<void>> {
  const packed = packBatch(columns);
  if (!packed.ok) return packed;
  const { firstAt, lastAt, members, body } = packed.value;
  const kept = await connections.ask(
    "insert into sample_batches (received_at, first_at, last_at, members, body) values ($1, $2, $3, $4, $5)",
    [receivedAt, firstAt, lastAt, members, body],
  );
  return kept.ok ? success(undefined) : kept;
}

interface SpanOfTime {
  readonly from: Instant;
  readonly to: Instant;
}

/** Chunks and batches come in one statement, and so as of one moment: nothing is seen twice or not at all while folding goes on. */
async function read(connections: Connections, vm: VmId, span: SpanOfTime): Promise<Result<VmSamples>> {
  const { from, to } = span;
  if (!(from <= to)) return failure("bad-input", `A span begins before it ends, not from ${from} to ${to}.`);
  const filter = mayHold(vm, 6);
  const rows = await connections.ask<{ day: number | null; body: Buffer }>(
    `select day, body from (
       select day, body, 0 as received_at, 0 as id from sample_days where vm = $1 and day between $2 and $3
       union all
       select null, body, received_at, id from sample_batches
       where not folded and last_at >= $4 and first_at < $5 and ${filter.text}
     ) as parts order by received_at, id, day`,
    [vm, dayOf(from), dayOf(to), from, to, ...filter.values],
  );
  if (!rows.ok) return rows;
  const days = new Map<number, VmDay[]>();
  for (const { day, body } of rows.value) {
    const parts = day === null ? daysOfBatch(vm, body) : [{ day, part: unpackDay(body) }];
    for (const each of parts) days.set(each.day, [...(days.get(each.day) ?? []), each.part]);
  }
  return success(samplesOf(days, span));
}

/** A batch of one VM's samples may reach over several days. */
function daysOfBatch(vm: VmId, body: Buffer): { readonly day: number; readonly part: VmDay }[] {
  const { vms, vm: owners, at, codes } = unpackBatch(body);
  const rows = new Map<number, number[]>();
  for (let row = 0; row < owners.length; row++) {
    if (vms[owners[row] as number] !== vm) continue;
    const day = dayOf(at[row] as number);
    rows.set(day, [...(rows.get(day) ?? []), row]);
  }
  return Array.from(rows, ([day, own]) => {
    const offsets = Uint32Array.from(own, (row) => (at[row] as number) - day * DAY_MS);
    return {
      day,
      part: { offsets, codes: codes.map((column) => Uint16Array.from(own, (row) => column[row] as number)) },
    };
  });
}

function samplesOf(days: ReadonlyMap<number, readonly VmDay[]>, { from, to }: SpanOfTime): VmSamples {
  const whole = [...days].sort(([one], [other]) => one - other).map(([day, parts]) => ({ day, ...mergedDay(parts) }));
  const times = whole.map(({ day, offsets }) => Float64Array.from(offsets, (offset) => day * DAY_MS + offset));
  const at = joined(Float64Array, times);
  const [begin, end] = [firstAtOrAfter(at, from), firstAtOrAfter(at, to)];
  const usageOf = (column: number) => {
    const codes = joined(
      Uint16Array,
      whole.map((day) => day.codes[column] ?? new Uint16Array(0)),
    );
    return amountsOf(codes.subarray(begin, end), column);
  };
  const usage = Object.fromEntries(RESOURCES.map((resource, column) => [resource, usageOf(column)]));
  return { at: at.slice(begin, end), usage: usage as VmSamples["usage"] };
}

function joined<Kind extends Float64Array | Uint16Array>(
  Kind: new (length: number) => Kind,
  parts: readonly Kind[],
): Kind {
  const whole = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function firstAtOrAfter(at: Float64Array, time: number): number {
  const found = at.findIndex((each) => each >= time);
  return found < 0 ? at.length : found;
}

async function* batchesAfter(connections: Connections, after: Instant): ReturnType<SampleStore["batchesAfter"]> {
  let last = { receivedAt: after as number, id: Number.MAX_SAFE_INTEGER };
  for (;;) {
    const rows = await connections.ask<{ id: number; received_at: number; body: Buffer }>(
      `select id, received_at, body from sample_batches where (received_at, id) > ($1, $2)
       order by received_at, id limit $3`,
      [last.receivedAt, last.id, CATCH_UP_BATCHES],
    );
    if (!rows.ok) return yield rows;
    for (const { received_at, body } of rows.value)
      yield success({ receivedAt: instant(received_at), columns: columnsOf(unpackBatch(body)) });
    const end = rows.value.at(-1);
    if (end === undefined) return;
    last = { receivedAt: end.received_at, id: end.id };
  }
}
