// A store in memory behind the doors of the real one: for tests, and as the reference that the real one is compared with. It keeps
// the same contracts and nothing beyond the life of the process.
import type { Store } from "../control/store-ports.ts";
import { failure, success } from "../model/result.ts";
import { memoryCells } from "./memory-store/memory-cells.ts";
import { memoryDocuments } from "./memory-store/memory-documents.ts";
import { memoryIdempotency } from "./memory-store/memory-idempotency.ts";
import { memoryKeys } from "./memory-store/memory-keys.ts";
import { memoryLog } from "./memory-store/memory-log.ts";
import { memorySamples } from "./memory-store/memory-samples.ts";
import { emptyTables, fromBytes, isEmpty, sizeOf, toBytes } from "./memory-store/memory-tables.ts";
import { memoryUsage } from "./memory-store/memory-usage.ts";

export function createMemoryStore(): Store {
  const tables = emptyTables();
  return {
    documents: memoryDocuments(tables),
    log: memoryLog(tables),
    samples: memorySamples(tables),
    cells: memoryCells(tables),
    usage: memoryUsage(tables),
    keys: memoryKeys(tables),
    idempotency: memoryIdempotency(tables),
    async *backup() {
      yield success(toBytes(tables));
    },
    async restore(parts) {
      if (!isEmpty(tables)) return failure("conflict", "This store is not empty: restore into a new one.");
      const all: Uint8Array[] = [];
      for await (const part of parts) all.push(part);
      return fromBytes(tables, all);
    },
    health: async () => success({ version: "memory", schema: 1, bytes: sizeOf(tables) }),
    close: async () => undefined,
  };
}
