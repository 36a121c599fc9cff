// The log of changes. Whoever writes a line holds the counter's row until it commits: ids are in the order of commits, without gaps,
// and the newest id is the revision of everything.
import type { ChangeLog, LoggedChange } from "../../control/store-ports.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";
import { instant } from "../../model/time.ts";
import type { Connections, Sql } from "./connections.ts";
import { fromText, toText } from "./document-text.ts";
import { newestFirst } from "./newest-first.ts";

/** A line as it is kept: documents as text. */
export interface ChangeLine {
  readonly at: number;
  readonly by: string;
  readonly what: LoggedChange["what"];
  readonly kind: string;
  readonly target: string;
  readonly customer: string | null;
  readonly version: number;
  readonly before: string | null;
  readonly after: string | null;
}

export function changeLog(connections: Connections): ChangeLog {
  return {
    async changes(question) {
      const { limit, before, customer, kind, target } = question;
      const rows = await newestFirst<ChangeLine & { readonly id: number }>(connections, {
        rows: "* from changes",
        limit,
        filters: { "id <": before, "customer =": customer, "kind =": kind, "target =": target },
      });
      return rows.ok ? success(rows.value.map(loggedOf)) : rows;
    },
    note: (change) =>
      connections.transaction(async (sql) => {
        await lockLog(sql);
        await logChanges(sql, [lineOf(change)]);
        return success(undefined);
      }),
  };
}

/** First thing of whoever will write a line. */
export async function lockLog(sql: Sql): Promise<void> {
  await sql("select newest from change_counter for update");
}

export async function logChanges(sql: Sql, lines: readonly ChangeLine[]): Promise<void> {
  await sql(
    `with counted as (update change_counter set newest = newest + $1 returning newest - $1 as last)
     insert into changes (id, at, by, what, kind, target, customer, version, before, after)
     select counted.last + line.number, at, by, what, kind, target, customer, version, before, after
     from counted, unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
       $9::text[], $10::text[]) with ordinality
       as line (at, by, what, kind, target, customer, version, before, after, number)`,
    [
      lines.length,
      lines.map(({ at }) => at),
      lines.map(({ by }) => by),
      lines.map(({ what }) => what),
      lines.map(({ kind }) => kind),
      lines.map(({ target }) => target),
      lines.map(({ customer }) => customer),
      lines.map(({ version }) => version),
      lines.map(({ before }) => before),
      lines.map(({ after }) => after),
    ],
  );
}

export async function newestChange(connections: Connections): Promise<Result<number>> {
  const rows = await connections.ask<{ newest: number }>("select newest from change_counter");
  return rows.ok ? success(rows.value[0]?.newest ?? 0) : rows;
}

export function lineOf(change: Omit<LoggedChange, "id">): ChangeLine {
  const { at, by, what, kind, target, version } = change;
  const textOf = (value: unknown) => (value === undefined ? null : toText(value));
  const documents = { before: textOf(change.before), after: textOf(change.after) };
  return { at, by, what, kind, target, version, customer: change.customer ?? null, ...documents };
}

function loggedOf(row: ChangeLine & { readonly id: number }): LoggedChange {
  const { id, by, what, kind, target, version } = row;
  return {
    ...{ id, at: instant(row.at), by, what, kind, target, version },
    ...(row.customer === null ? {} : { customer: row.customer as CustomerId }),
    ...(row.before === null ? {} : { before: fromText(row.before) }),
    ...(row.after === null ? {} : { after: fromText(row.after) }),
  };
}
