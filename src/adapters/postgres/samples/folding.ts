// Folding: batches become chunks per VM and day. A round takes some batches, rewrites the chunks that they touch and marks them as
// folded in one transaction: cut at any point it was not begun. Batches stay for a day longer, for whoever has to catch up.
import { setImmediate } from "node:timers/promises";
import { RESOURCE_COUNT } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import { DAY_MS, type Instant } from "../../../model/time.ts";
import type { Connections, Sql } from "../connections.ts";
import { type CodedRows, unpackBatch } from "./batch.ts";
import { dayOf, hoursOfDay, joinedDays, mergedDay, packDay, unpackDay, type VmDay } from "./vm-day.ts";

/** Bounds memory: about 150 bytes a row while a round lasts. */
const ROUND_BYTES = 16 * 2 ** 20;
const CHUNKS_AT_ONCE = 250;
const TURN_MS = 5;
const ROUND_TIMEOUT_MS = 10 * 60_000;
const FOLDED_BATCHES_KEPT_MS = DAY_MS;

/** One for all databases: only one transaction at a time rewrites chunks. */
const FOLD_LOCK = 7_130_002;

export async function foldBatches(
  connections: Connections,
  now: Instant,
): Promise<Result<{ readonly folded: number }>> {
  let folded = 0;
  for (;;) {
    const round = await connections.transaction((sql) => foldRound(sql, now), { statementTimeoutMs: ROUND_TIMEOUT_MS });
    if (!round.ok) return round;
    if (round.value === 0) break;
    folded += round.value;
  }
  const removed = await connections.ask("delete from sample_batches where folded and received_at < $1", [
    now - FOLDED_BATCHES_KEPT_MS,
  ]);
  return removed.ok ? success({ folded }) : removed;
}

export async function lockFolding(sql: Sql): Promise<void> {
  await sql("select pg_advisory_xact_lock($1)", [FOLD_LOCK]);
}

/** How many batches it folded: in the order in which they were received, so that of two samples the later one stands. */
async function foldRound(sql: Sql, now: Instant): Promise<Result<number>> {
  await lockFolding(sql);
  const batches = await sql<{ id: number; body: Buffer }>(
    `select id, body from sample_batches join (
       select id, sum(octet_length(body)) over received as bytes, row_number() over received as place
       from sample_batches where not folded and received_at <= $1 window received as (order by received_at, id)
     ) as counted using (id) where bytes <= $2 or place = 1 order by received_at, id`,
    [now, ROUND_BYTES],
  );
  const pause = pauses();
  const places: Places = new Map();
  for (const { body } of batches) {
    addPlaces(places, unpackBatch(body));
    await pause();
  }
  let parts: DayPart[] = [];
  for (const part of partsOf(places)) {
    if (parts.push(part) < CHUNKS_AT_ONCE) continue;
    await foldParts(sql, parts, pause);
    parts = [];
  }
  await foldParts(sql, parts, pause);
  await sql("update sample_batches set folded = true where id = any($1::bigint[])", [batches.map(({ id }) => id)]);
  return success(batches.length);
}

/** By VM and day, each in the order received. */
type Places = Map<string, Map<number, { readonly batch: CodedRows; readonly row: number }[]>>;

function addPlaces(places: Places, batch: CodedRows): void {
  const { vms, vm, at } = batch;
  for (let row = 0; row < vm.length; row++) {
    const name = vms[vm[row] as number] as string;
    const days = places.get(name) ?? new Map<number, { readonly batch: CodedRows; readonly row: number }[]>();
    const day = dayOf(at[row] as number);
    const rows = days.get(day) ?? [];
    rows.push({ batch, row });
    days.set(day, rows);
    places.set(name, days);
  }
}

interface DayPart {
  readonly vm: string;
  readonly day: number;
  readonly part: VmDay;
}

function* partsOf(places: Places): Generator<DayPart> {
  for (const [vm, days] of places)
    for (const [day, rows] of days) {
      const offsets = Uint32Array.from(rows, ({ batch, row }) => (batch.at[row] as number) - day * DAY_MS);
      const codes = Array.from({ length: RESOURCE_COUNT }, (_, column) =>
        Uint16Array.from(rows, ({ batch, row }) => batch.codes[column]?.[row] as number),
      );
      yield { vm, day, part: { offsets, codes } };
    }
}

/** A day of which only hours are kept takes what comes late as hours too. */
async function foldParts(sql: Sql, parts: readonly DayPart[], pause: () => Promise<void>): Promise<void> {
  const found = await sql<{ place: number; hours_only: boolean; body: Buffer }>(
    `select place, hours_only, body
     from unnest($1::text[], $2::int[]) with ordinality as asked (vm, day, place) join sample_days using (vm, day)`,
    [parts.map(({ vm }) => vm), parts.map(({ day }) => day)],
  );
  const old = new Map(found.map((row) => [row.place - 1, row]));
  const chunks: Chunk[] = [];
  for (const [place, { vm, day, part }] of parts.entries()) {
    const before = old.get(place);
    const all = before === undefined ? [part] : [unpackDay(before.body), part];
    const hoursOnly = before?.hours_only === true;
    chunks.push({ vm, day, hoursOnly, body: packDay(hoursOnly ? hoursOfDay(joinedDays(all)) : mergedDay(all)) });
    await pause();
  }
  await writeChunks(sql, chunks);
}

/** Folding takes seconds and nobody waits for it: requests get their turn every few milliseconds. */
function pauses(): () => Promise<void> {
  let begin = performance.now();
  return async () => {
    if (performance.now() - begin < TURN_MS) return;
    await setImmediate();
    begin = performance.now();
  };
}

export interface Chunk {
  readonly vm: string;
  readonly day: number;
  readonly hoursOnly: boolean;
  readonly body: Buffer;
}

export async function writeChunks(sql: Sql, chunks: readonly Chunk[]): Promise<void> {
  if (chunks.length === 0) return;
  const rows = chunks.map((_, row) => `($${4 * row + 1}, $${4 * row + 2}, $${4 * row + 3}, $${4 * row + 4})`);
  await sql(
    `insert into sample_days (vm, day, hours_only, body) values ${rows.join(", ")}
     on conflict (vm, day) do update set hours_only = excluded.hours_only, body = excluded.body`,
    chunks.flatMap(({ vm, day, hoursOnly, body }) => [vm, day, hoursOnly, body]),
  );
}
