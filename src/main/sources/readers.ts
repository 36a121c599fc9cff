// Who reads the bytes of calendars and feeds: a thread of its own in the service, so that whatever a stranger wrote holds up nothing but
// that thread, which ends with its memory or its time.
import { Piscina } from "piscina";
import type { CalendarOptions, CalendarReading } from "../../adapters/calendar/read-calendar.ts";
import type { FeedItem } from "../../adapters/feeds/read-feed.ts";
import { failure, type Result } from "../../model/result.ts";
import { type Instant, SECOND_MS } from "../../model/time.ts";
import { type ReadingJob, readInThread, type WasRead } from "./reader-worker.ts";

export interface Readers {
  calendar(bytes: Uint8Array, options: CalendarOptions): Promise<Result<CalendarReading>>;
  feed(bytes: Uint8Array, now: Instant): Promise<Result<readonly FeedItem[]>>;
  close(): Promise<void>;
}

const MEMORY_MB_MAX = 512;
const IDLE_MS = 60 * SECOND_MS;
/** More than any of them takes by its own limits. */
const LIMIT_MS = 15 * SECOND_MS;

/** `worker`: compiled; beside this file where it is left out. */
export function readersInThread(worker = new URL("./reader-worker.js", import.meta.url)): Readers {
  const pool = new Piscina({
    filename: worker.href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
  });
  const run = async (job: ReadingJob): Promise<WasRead> => {
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), LIMIT_MS);
    try {
      return await pool.run(job, { name: "readInThread", signal: end.signal });
    } catch (error) {
      const why = end.signal.aborted ? "takes too long" : "takes too much memory";
      return failure("rejected", `What came ${why} to be read (${error instanceof Error ? error.message : ""}).`);
    } finally {
      clearTimeout(timer);
    }
  };
  return readersBy(run, () => pool.destroy());
}

/** Where nothing else waits for this thread. */
export function readersHere(): Readers {
  return readersBy(
    async (job) => readInThread(job),
    async () => undefined,
  );
}

function readersBy(run: (job: ReadingJob) => Promise<WasRead>, close: () => Promise<void>): Readers {
  return {
    // The answer is of the kind of its job: threads carry plain data, and no types.
    calendar: async (bytes, options) => (await run({ kind: "calendar", bytes, options })) as Result<CalendarReading>,
    feed: async (bytes, now) => (await run({ kind: "feed", bytes, now })) as Result<readonly FeedItem[]>,
    close,
  };
}
