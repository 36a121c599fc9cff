// One answer for one Idempotency-Key of one caller, for a day. A request that is still being answered holds its key for a minute, or
// until Headroom starts again.
import type { IdempotencyStore, KeptAnswer } from "../../control/store-ports.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { DAY_MS, MINUTE_MS } from "../../model/time.ts";
import type { Connections, Sql } from "./connections.ts";

const EXPIRED_AT_ONCE = 20;

type Asked = Parameters<IdempotencyStore["answerTo"]>[0];

interface AnswerRow {
  readonly request_hash: string;
  readonly status: number | null;
  readonly headers: string | null;
  readonly body: string | null;
}

export function idempotencyStore(connections: Connections): IdempotencyStore {
  return {
    answerTo: (asked) => connections.transaction((sql) => answerTo(sql, asked)),
    async keep({ caller, key }, { status, headers, body }) {
      const kept = await connections.ask(
        "update idempotent_answers set status = $3, headers = $4, body = $5 where caller = $1 and key = $2",
        [caller, key, status, JSON.stringify(headers), body],
      );
      return kept.ok ? success(undefined) : kept;
    },
  };
}

/** At start nobody is answering anything. */
export async function forgetUnanswered(sql: Sql): Promise<void> {
  await sql("delete from idempotent_answers where status is null");
}

async function answerTo(sql: Sql, { caller, key, requestHash, at }: Asked): Promise<Result<KeptAnswer | undefined>> {
  await sql(
    `delete from idempotent_answers where (caller, key) in
       (select caller, key from idempotent_answers where at <= $1 order by at limit $2 for update skip locked)`,
    [at - DAY_MS, EXPIRED_AT_ONCE],
  );
  const taken = await sql(
    `insert into idempotent_answers as kept (caller, key, request_hash, at) values ($1, $2, $3, $4)
     on conflict (caller, key) do update
     set request_hash = excluded.request_hash, at = excluded.at, status = null, headers = null, body = null
     where kept.at <= $5 or (kept.status is null and kept.at <= $6) returning key`,
    [caller, key, requestHash, at, at - DAY_MS, at - MINUTE_MS],
  );
  if (taken.length > 0) return success(undefined);
  const [row] = await sql<AnswerRow>(
    "select request_hash, status, headers, body from idempotent_answers where caller = $1 and key = $2",
    [caller, key],
  );
  if (row === undefined) return success(undefined);
  if (row.request_hash !== requestHash)
    return failure("conflict", `The Idempotency-Key ${key} came with another request before: use a new key.`);
  if (row.status === null)
    return failure("conflict", `The request with the Idempotency-Key ${key} is being answered: ask again in a moment.`);
  const headers = JSON.parse(row.headers ?? "{}") as KeptAnswer["headers"];
  return success({ status: row.status, headers, body: row.body ?? "" });
}
