// What becomes of old samples: first the largest of every hour is kept of them, later nothing. Cut at any point it goes on from there.
import type { SampleStore } from "../../../control/store-ports.ts";
import { type Result, success } from "../../../model/result.ts";
import type { Connections, Sql } from "../connections.ts";
import { lockFolding, writeChunks } from "./folding.ts";
import { dayOf, hoursOfDay, packDay, unpackDay } from "./vm-day.ts";

/** Short, so that others get their turn between them. */
const DAYS_AT_ONCE = 100;

type Limits = Parameters<SampleStore["retain"]>[0];

export async function retainSamples(connections: Connections, limits: Limits): Promise<Result<void>> {
  const { samplesFrom, hoursFrom } = limits;
  const removed = await removeSlices(connections, dayOf(hoursFrom));
  if (!removed.ok) return removed;
  for (;;) {
    const slice = await connections.transaction((sql) => hoursSlice(sql, dayOf(samplesFrom)));
    if (!slice.ok) return slice;
    if (slice.value === 0) return success(undefined);
  }
}

async function removeSlices(connections: Connections, firstDay: number): Promise<Result<void>> {
  for (;;) {
    const gone = await connections.ask<{ day: number }>(
      `delete from sample_days where (vm, day) in
         (select vm, day from sample_days where hours_only and day < $1
          union all select vm, day from sample_days where not hours_only and day < $1 limit $2) returning day`,
      [firstDay, DAYS_AT_ONCE],
    );
    if (!gone.ok) return gone;
    if (gone.value.length === 0) return success(undefined);
  }
}

/** Whole days only: the day in which `samplesFrom` lies stays as it is. */
async function hoursSlice(sql: Sql, firstDay: number): Promise<Result<number>> {
  await lockFolding(sql);
  const days = await sql<{ vm: string; day: number; body: Buffer }>(
    "select vm, day, body from sample_days where not hours_only and day < $1 limit $2",
    [firstDay, DAYS_AT_ONCE],
  );
  const hours = days.map(({ vm, day, body }) => ({
    ...{ vm, day, hoursOnly: true },
    body: packDay(hoursOfDay(unpackDay(body))),
  }));
  await writeChunks(sql, hours);
  return success(days.length);
}
