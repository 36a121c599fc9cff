// API keys by id, found by the hash of their secret; each change of them is in the log.
import type { KeyStore } from "../../control/store-ports.ts";
import { failure, success } from "../../model/result.ts";
import { appendChange } from "./memory-log.ts";
import type { MemoryTables } from "./memory-tables.ts";

export function memoryKeys(tables: MemoryTables): KeyStore {
  const { keys } = tables;
  return {
    async add(key, hash, by) {
      if (keys.has(key.id) || [...keys.values()].some((each) => each.hash === hash))
        return failure("conflict", `There is a key ${key.id} already.`);
      keys.set(key.id, { key, hash });
      const owned = key.customer === undefined ? {} : { customer: key.customer };
      const told = {
        at: by.at,
        by: by.id,
        what: "created" as const,
        kind: "key",
        target: key.id,
        version: 1,
        ...owned,
      };
      appendChange(tables, { ...told, after: key });
      return success(undefined);
    },
    byHash: async (hash) => success([...keys.values()].find((each) => each.hash === hash)?.key),
    async keys({ after = "", limit, customer }) {
      const found = [...keys.values()]
        .map(({ key }) => key)
        .filter((key) => key.id > after && (customer === undefined || key.customer === customer))
        .sort((left, right) => (left.id < right.id ? -1 : 1));
      return success(found.slice(0, limit));
    },
    async revoke(id, by) {
      const row = keys.get(id);
      if (row === undefined) return failure("not-found", `There is no key ${id}.`);
      const { key, hash } = row;
      if (key.revokedAt !== undefined) return success(undefined);
      const after = { ...key, revokedAt: by.at };
      keys.set(id, { key: after, hash });
      const owned = key.customer === undefined ? {} : { customer: key.customer };
      const told = { at: by.at, by: by.id, what: "changed" as const, kind: "key", target: id, version: 2, ...owned };
      appendChange(tables, { ...told, before: key, after });
      return success(undefined);
    },
  };
}
