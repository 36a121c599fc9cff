// The log of changes, newest first for its readers.
import type { ChangeLog, LoggedChange } from "../../control/store-ports.ts";
import { success } from "../../model/result.ts";
import type { MemoryTables } from "./memory-tables.ts";

export function memoryLog(tables: MemoryTables): ChangeLog {
  return {
    async changes({ before = Number.POSITIVE_INFINITY, limit, customer, kind, target }) {
      const found = tables.log.filter(
        (each) =>
          each.id < before &&
          (customer === undefined || each.customer === customer) &&
          (kind === undefined || each.kind === kind) &&
          (target === undefined || each.target === target),
      );
      return success(found.toReversed().slice(0, limit));
    },
    async note(change) {
      appendChange(tables, change);
      return success(undefined);
    },
  };
}

export function appendChange({ log }: MemoryTables, change: Omit<LoggedChange, "id">): void {
  log.push({ id: (log.at(-1)?.id ?? 0) + 1, ...change });
}
