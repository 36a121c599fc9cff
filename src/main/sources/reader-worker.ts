// What runs in a worker thread: reading what a stranger wrote. Bytes in, plain data out.
import { type CalendarOptions, type CalendarReading, readCalendar } from "../../adapters/calendar/read-calendar.ts";
import { type FeedItem, readFeed } from "../../adapters/feeds/read-feed.ts";
import { type Result, unreachable } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";

export type ReadingJob =
  | { readonly kind: "calendar"; readonly bytes: Uint8Array; readonly options: CalendarOptions }
  | { readonly kind: "feed"; readonly bytes: Uint8Array; readonly now: Instant };

export type WasRead = Result<CalendarReading> | Result<readonly FeedItem[]>;

export function readInThread(job: ReadingJob): WasRead {
  switch (job.kind) {
    case "calendar":
      return readCalendar(job.bytes, job.options);
    case "feed":
      return readFeed(job.bytes, job.now);
    default:
      return unreachable(job);
  }
}
