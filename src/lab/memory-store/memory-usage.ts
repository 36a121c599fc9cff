// Usage in memory, batch by batch.
import type { UsageStore } from "../../control/store-ports/usage-port.ts";
import { success } from "../../model/result.ts";
import { batchesOf, namesOfBatch } from "../../model/usage-batch.ts";
import { type UsageRecord, withoutRepeats } from "../../model/usage-record.ts";
import type { MemoryTables } from "./memory-tables.ts";

export function memoryUsage(tables: MemoryTables): UsageStore {
  const { usage } = tables;
  const begun = (record: UsageRecord, from: number, to: number) => record.from >= from && record.from < to;
  return {
    async read({ customer, from, to, corrections }) {
      const own = [...usage.values()].filter(({ batch }) => batch.customer === customer);
      const isAsked = (each: UsageRecord) => corrections === undefined || each.correction !== undefined;
      const found = own.flatMap(({ batch }) => batch.records.filter((each) => begun(each, from, to) && isAsked(each)));
      return success(withoutRepeats(found));
    },
    async correct(corrections) {
      addUsage(tables, corrections);
      return success(undefined);
    },
    async unsent(limit) {
      const waiting = [...usage.values()].filter(({ isSent }) => !isSent).slice(0, limit);
      return success(waiting.map(({ id, batch }) => ({ id, records: batch.records })));
    },
    async markSent(ids) {
      for (const row of usage.values()) if (ids.includes(row.id)) row.isSent = true;
      return success(undefined);
    },
    async customers({ from, to }) {
      const seen = [...usage.values()].filter(({ batch }) => batch.records.some((each) => begun(each, from, to)));
      return success([...new Set(seen.map(({ batch }) => batch.customer))].sort());
    },
    async retain(from) {
      for (const [names, { batch }] of usage) if (batch.records.every((each) => each.from < from)) usage.delete(names);
      return success(undefined);
    },
  };
}

export function addUsage({ usage, counters }: MemoryTables, records: readonly UsageRecord[]): void {
  for (const batch of batchesOf(records)) {
    const names = namesOfBatch(batch);
    if (usage.has(names)) continue;
    counters.usage++;
    usage.set(names, { id: counters.usage, batch, isSent: false });
  }
}
