// Reads every source when it is due until it is stopped: a few at once, each as often as it was set and later and later while it fails.
// Nothing is asked of a source that is muted, and what was changed of one is read next.
import { askAgainAt } from "../../adapters/fetch/back-off.ts";
import type { SourceDesk, SourceProgress } from "../../api/server/source-desk.ts";
import type { Clock } from "../../control/ports.ts";
import type { Kept, Store } from "../../control/store-ports.ts";
import type { Failure, Result } from "../../model/result.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import type { EventSource } from "../../model/source.ts";
import { DAY_MS, type DurationMs, durationMs, type Instant, instant, SECOND_MS } from "../../model/time.ts";
import { keepFailure, keepSaid } from "./keep-said.ts";
import { type Fetcher, readSource } from "./read-source.ts";
import type { Readers } from "./readers.ts";

export interface KeepSourcesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly stopped: Promise<void>;
  readonly fetcher: Fetcher;
  readonly readers: Readers;
  /** Of the jitter. */
  readonly seed: number;
  /** Events are not as they were. */
  readonly onChanged: () => void;
  readonly onFailure: (failure: Failure) => void;
}

export interface KeptSources extends Pick<SourceDesk, "soon" | "progress"> {
  /** When the reading has ended. */
  readonly ended: Promise<void>;
  /** Reads whatever is due, and waits for it. */
  readDue(): Promise<void>;
}

/** Sources that other processes set are seen within that time. */
const LOOK_MS = 5 * SECOND_MS;
const TOGETHER = 4;
/** What comes out of lists and out of a window of time is worked out anew so often, whether the source says anything new or not. */
const REREAD_MS = DAY_MS;

interface Reading extends SourceProgress {
  /** Of the source's document. */
  readonly version: number;
  /** When all of it was read last, not only asked for news. */
  readonly wholeAt?: Instant;
}

export function keepSourcesRead(options: KeepSourcesOptions): KeptSources {
  const { clock, stopped } = options;
  const readings = new Map<string, Reading>();
  let wake = (): void => {};
  let busy: Promise<void> = Promise.resolve();
  const readDue = (): Promise<void> => {
    busy = busy.then(() => readAllDue(readings, options));
    return busy;
  };
  const run = async (): Promise<void> => {
    let running = true;
    const stop = stopped.then(() => {
      running = false;
    });
    while (running) {
      await readDue();
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await clock.sleepUntil(instant(clock.now() + LOOK_MS), Promise.race([stop, woken]));
    }
  };
  return {
    ended: run(),
    readDue,
    soon(id) {
      const known = readings.get(id);
      if (known) readings.set(id, { ...known, nextAt: clock.now(), failures: 0 });
      wake();
    },
    progress: (id) => readings.get(id),
  };
}

async function readAllDue(readings: Map<string, Reading>, options: KeepSourcesOptions): Promise<void> {
  const sources = await allSources(options.store);
  if (!sources.ok) return options.onFailure(sources.error);
  const ids = new Set(sources.value.map(({ id }) => id));
  for (const id of readings.keys()) if (!ids.has(id)) readings.delete(id);
  const due = sources.value.filter((source) =>
    isDue(source, { reading: readings.get(source.id), now: options.clock.now() }),
  );
  const next = due.values();
  const work = async (): Promise<void> => {
    for (const source of next)
      readings.set(source.id, await readOnce(source, { ...options, reading: readings.get(source.id) }));
  };
  await Promise.all(Array.from({ length: Math.min(TOGETHER, due.length) }, work));
}

function isDue(
  { version }: Kept<EventSource>,
  { reading, now }: { readonly reading: Reading | undefined; readonly now: Instant },
): boolean {
  return (
    reading === undefined || reading.version !== version || (reading.nextAt !== undefined && reading.nextAt <= now)
  );
}

interface Given extends KeepSourcesOptions {
  readonly reading: Reading | undefined;
}

async function readOnce(source: Kept<EventSource>, given: Given): Promise<Reading> {
  const { clock, seed, reading, onChanged } = given;
  const { value, version } = source;
  const now = clock.now();
  if (value.muted) {
    onChanged();
    return { version, failures: 0 };
  }
  const isWhole = reading !== undefined && (reading.version !== version || (reading.wholeAt ?? 0) < now - REREAD_MS);
  const { hasFailed, retryAfterMs, wasRead } = await readAndKeep(source, { ...given, now, isWhole });
  const failures = hasFailed ? (reading?.failures ?? 0) + 1 : 0;
  const random = seededRandom(seed).fork(`${value.id} ${now}`);
  const nextAt = askAgainAt({ at: now, everyMs: everyMsOf(value), failures, retryAfterMs, random });
  const wholeAt = wasRead ? now : reading?.wholeAt;
  const isAsked = value.form.kind !== "hook" && !(value.form.kind === "calendar" && value.form.url === undefined);
  // Who speaks up by itself is never asked.
  if (!isAsked && failures === 0) return { version, failures };
  return { version, askedAt: now, nextAt, failures, ...(wholeAt !== undefined && { wholeAt }) };
}

interface ReadAndKept {
  readonly hasFailed: boolean;
  readonly wasRead: boolean;
  readonly retryAfterMs?: DurationMs | undefined;
}

async function readAndKeep(
  source: Kept<EventSource>,
  given: Given & { readonly now: Instant; readonly isWhole: boolean },
): Promise<ReadAndKept> {
  const { store, fetcher, readers, reading, onChanged, onFailure, now, isWhole } = given;
  const before = isWhole ? undefined : await store.documents.get("source-reading", source.id);
  const seen = before?.ok ? before.value?.value : undefined;
  const read = await readSource(source.value, { fetcher, readers, now, seen });
  if (!read.ok) {
    const { message, retryAfterMs } = read.error;
    const told = await keepFailure({ store, source, message, now });
    if (!told.ok) onFailure(told.error);
    return { hasFailed: true, wasRead: false, retryAfterMs };
  }
  const wasRead = read.value !== undefined;
  // A source that was changed changes its events, whether it says anything new or not.
  if (!wasRead && reading?.version === source.version) return { hasFailed: false, wasRead };
  const kept = await keepSaid({ store, source, read: read.value, now });
  if (kept.ok) onChanged();
  else onFailure(kept.error);
  return { hasFailed: !kept.ok, wasRead: wasRead && kept.ok };
}

function everyMsOf({ form }: EventSource) {
  return "everyMs" in form ? form.everyMs : durationMs(DAY_MS);
}

const PAGE = 1000;

async function allSources({ documents }: Pick<Store, "documents">): Promise<Result<readonly Kept<EventSource>[]>> {
  const found: Kept<EventSource>[] = [];
  for (let after = ""; ; ) {
    const page = await documents.list("source", { after, limit: PAGE });
    if (!page.ok) return page;
    found.push(...page.value);
    const last = page.value.at(-1);
    if (last === undefined || page.value.length < PAGE) return { ok: true, value: found };
    after = last.id;
  }
}
