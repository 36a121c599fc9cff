// API keys: who they are for and the hash of each; the key itself is nowhere. Making and revoking one is a line in the log of changes.
import type { Actor, ApiKey, KeyStore } from "../../control/store-ports.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { instant } from "../../model/time.ts";
import { lineOf, lockLog, logChanges } from "./change-log.ts";
import type { Connections } from "./connections.ts";
import { checkedLimit } from "./list-limits.ts";

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: ApiKey["role"];
  readonly scopes: ApiKey["scopes"];
  readonly customer: string | null;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
}

const COLUMNS = "id, name, role, scopes, customer, created_at, expires_at, revoked_at";

export function keyStore(connections: Connections): KeyStore {
  return {
    add: (key, hash, by) => add(connections, { key, hash, by }),
    async byHash(hash) {
      const rows = await connections.ask<KeyRow>(`select ${COLUMNS} from api_keys where hash = $1`, [hash]);
      return rows.ok ? success(rows.value[0] && keyOf(rows.value[0])) : rows;
    },
    async keys({ after = "", limit, customer }) {
      const checked = checkedLimit(limit);
      if (!checked.ok) return checked;
      const text = `select ${COLUMNS} from api_keys
        where id > $1 ${customer === undefined ? "" : "and customer = $3"} order by id limit $2`;
      const own = customer === undefined ? [] : [customer];
      const rows = await connections.ask<KeyRow>(text, [after, checked.value, ...own]);
      return rows.ok ? success(rows.value.map(keyOf)) : rows;
    },
    revoke: (id, by) => revoke(connections, id, by),
  };
}

interface NewKey {
  readonly key: ApiKey;
  readonly hash: string;
  readonly by: Actor;
}

function add(connections: Connections, { key, hash, by }: NewKey): Promise<Result<void>> {
  return connections.transaction(async (sql) => {
    await lockLog(sql);
    const { id, name, role, scopes, customer = null, createdAt, expiresAt = null, revokedAt = null } = key;
    const made = await sql(
      `insert into api_keys (hash, ${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict do nothing returning id`,
      [hash, id, name, role, scopes, customer, createdAt, expiresAt, revokedAt],
    );
    if (made.length === 0) return failure("conflict", `There is a key ${id} or one with the same hash: make another.`);
    const line = lineOf({ at: by.at, by: by.id, what: "created", kind: "key", target: id, version: 1, after: key });
    await logChanges(sql, [{ ...line, customer }]);
    return success(undefined);
  });
}

/** Once is enough: a key that is revoked stays as it is. */
function revoke(connections: Connections, id: string, by: Actor): Promise<Result<void>> {
  return connections.transaction(async (sql) => {
    await lockLog(sql);
    const [row] = await sql<KeyRow>(`select ${COLUMNS} from api_keys where id = $1`, [id]);
    if (row === undefined) return failure("not-found", `There is no key ${id}.`);
    if (row.revoked_at !== null) return success(undefined);
    await sql("update api_keys set revoked_at = $2 where id = $1", [id, by.at]);
    const change = { at: by.at, by: by.id, what: "changed", kind: "key", target: id, version: 2 } as const;
    const line = lineOf({ ...change, before: keyOf(row), after: keyOf({ ...row, revoked_at: by.at }) });
    await logChanges(sql, [{ ...line, customer: row.customer }]);
    return success(undefined);
  });
}

function keyOf(row: KeyRow): ApiKey {
  const { id, name, role, scopes } = row;
  return {
    ...{ id, name, role, scopes, createdAt: instant(row.created_at) },
    ...(row.customer === null ? {} : { customer: row.customer as CustomerId }),
    ...(row.expires_at === null ? {} : { expiresAt: instant(row.expires_at) }),
    ...(row.revoked_at === null ? {} : { revokedAt: instant(row.revoked_at) }),
  };
}
