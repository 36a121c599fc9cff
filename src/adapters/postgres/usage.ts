// Usage records as they were closed: a row for each customer and step, squeezed. The same pieces again are no new row, and what is in
// a row is never changed.
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { UsageStore } from "../../control/store-ports/usage-port.ts";
import type { CellId, CustomerId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";
import { batchesOf, namesOfBatch, packBatch, type UsageBatch, unpackBatch } from "../../model/usage-batch.ts";
import { type UsageRecord, withoutRepeats } from "../../model/usage-record.ts";
import type { Connections, Sql } from "./connections.ts";
import { removeOld } from "./remove-old.ts";

const REMOVED_AT_ONCE = 1000;
const LEVEL = 1;

interface UsageRow {
  readonly id: number;
  readonly cell: string;
  readonly customer: string;
  readonly body: Buffer;
}

export function usageStore(connections: Connections): UsageStore {
  return {
    async read({ customer, from, to, corrections = false }) {
      const rows = await connections.ask<UsageRow>(
        `select id, cell, customer, body from usage where customer = $1 and last_from >= $2 and first_from < $3 and (is_correction or not $4) order by id`,
        [customer, from, to, corrections],
      );
      if (!rows.ok) return rows;
      const batches = allOf(rows.value);
      if (!batches.ok) return batches;
      const records = batches.value.flatMap((batch) => batch.records);
      return success(withoutRepeats(records.filter((record) => record.from >= from && record.from < to)));
    },
    correct: (corrections) => connections.transaction(async (sql) => success(await insertUsage(sql, corrections))),
    async unsent(limit) {
      const rows = await connections.ask<UsageRow>(
        "select id, cell, customer, body from usage where not is_sent order by id limit $1",
        [limit],
      );
      if (!rows.ok) return rows;
      const batches = allOf(rows.value);
      if (!batches.ok) return batches;
      return success(batches.value.map(({ records }, index) => ({ id: rows.value[index]?.id ?? 0, records })));
    },
    async markSent(ids) {
      const marked = await connections.ask("update usage set is_sent = true where id = any($1::bigint[])", [ids]);
      return marked.ok ? success(undefined) : marked;
    },
    async customers({ from, to }) {
      const rows = await connections.ask<{ customer: string }>(
        "select distinct customer from usage where last_from >= $1 and first_from < $2 order by customer",
        [from, to],
      );
      return rows.ok ? success(rows.value.map(({ customer }) => customer as CustomerId)) : rows;
    },
    retain: (before) =>
      removeOld(connections, { table: "usage", column: "last_from", before, atOnce: REMOVED_AT_ONCE }),
  };
}

/** Within the transaction of whoever closed them. */
export async function insertUsage(sql: Sql, records: readonly UsageRecord[]): Promise<void> {
  for (const batch of batchesOf(records)) {
    const begun = batch.records.map(({ from }) => from);
    await sql(
      `insert into usage (cell, customer, pieces, first_from, last_from, is_correction, body)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (pieces) do nothing`,
      [
        batch.cell,
        batch.customer,
        hashOf(batch),
        smallest(begun),
        -smallest(begun.map((at) => -at)),
        isCorrection(batch),
        bodyOf(batch),
      ],
    );
  }
}

function hashOf(batch: UsageBatch): Buffer {
  return createHash("sha256")
    .update(`${batch.customer}\n${namesOfBatch(batch)}`)
    .digest();
}

/** Steps close pieces, people correct them: no batch is both. */
function isCorrection({ records }: UsageBatch): boolean {
  return records.some(({ correction }) => correction !== undefined);
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

/** [length of heads u32][heads as JSON][amounts f64], squeezed. */
function bodyOf(batch: UsageBatch): Buffer {
  const { heads, amounts } = packBatch(batch);
  const text = Buffer.from(JSON.stringify(heads));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return deflateRawSync(Buffer.concat([length, text, Buffer.from(amounts.buffer)]), { level: LEVEL });
}

function batchIn({ cell, customer, body }: UsageRow): Result<UsageBatch> {
  const plain = inflateRawSync(body);
  const end = 4 + plain.readUInt32LE(0);
  const heads: unknown = JSON.parse(plain.subarray(4, end).toString());
  // A copy of their own: typed arrays want addresses that are multiples of their width.
  const amounts = new Float64Array(Uint8Array.prototype.slice.call(plain, end).buffer);
  return unpackBatch({ heads, amounts }, { cell: cell as CellId, customer: customer as CustomerId });
}

function allOf(rows: readonly UsageRow[]): Result<readonly UsageBatch[]> {
  const batches: UsageBatch[] = [];
  for (const row of rows) {
    const batch = batchIn(row);
    if (!batch.ok) return batch;
    batches.push(batch.value);
  }
  return success(batches);
}
