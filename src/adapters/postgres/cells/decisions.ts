// Records of decisions, each under whom and what it is about. A VM's customer is whoever had it when the decision was made.
import type { DecisionQuestion, StoredDecision } from "../../../control/store-ports.ts";
import type { DecisionRecord } from "../../../model/decision.ts";
import type { CellId } from "../../../model/fleet.ts";
import { type Result, success } from "../../../model/result.ts";
import type { Connections, Sql } from "../connections.ts";
import { fromText } from "../document-text.ts";
import { newestFirst } from "../newest-first.ts";

export async function insertDecisions(
  sql: Sql,
  cell: CellId,
  { records, bodies }: { readonly records: readonly DecisionRecord[]; readonly bodies: readonly string[] },
): Promise<void> {
  if (records.length === 0) return;
  await sql(
    `insert into decisions (cell, at, customer, vm, host, body)
     select $1, made.at, coalesce(made.customer, documents.customer), made.vm, made.host, made.body
     from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality
       as made (at, customer, vm, host, body, place)
     left join documents on documents.kind = 'vm' and documents.id = made.vm order by made.place`,
    [
      cell,
      records.map(({ at }) => Math.round(at)),
      records.map((record) => ("customer" in record ? record.customer : null)),
      records.map((record) => ("vm" in record ? record.vm : null)),
      records.map((record) => ("host" in record ? record.host : null)),
      bodies,
    ],
  );
}

export async function decisionsAsked(
  connections: Connections,
  question: DecisionQuestion,
): Promise<Result<readonly StoredDecision[]>> {
  const { limit, before, customer, vm, host, from, to } = question;
  const rows = await newestFirst<{ id: number; cell: string; body: string }>(connections, {
    rows: "id, cell, body from decisions",
    limit,
    filters: { "id <": before, "customer =": customer, "vm =": vm, "host =": host, "at >=": from, "at <": to },
  });
  if (!rows.ok) return rows;
  return success(
    rows.value.map(({ id, cell, body }) => ({ id, cell: cell as CellId, record: fromText(body) as DecisionRecord })),
  );
}
