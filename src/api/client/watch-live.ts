// The live stream as a sequence of what happened. It never ends by itself: a lost connection is told, then tried again, and
// taken up where it broke off. "reset" means that what comes next does not join what came before: load everything anew.
import { LIVE_PATH } from "../contract/addresses.ts";
import type { Tick } from "../contract/live.ts";
import type { ClientOptions } from "./client.ts";
import { readServerEvents, type ServerEvent } from "./server-events.ts";

export type LiveNews =
  | { readonly kind: "connected" }
  | { readonly kind: "reset" }
  | { readonly kind: "tick"; readonly tick: Tick }
  | { readonly kind: "lost"; readonly reason: string };

export interface WatchOptions extends ClientOptions {
  /** Ends the sequence. */
  readonly signal: AbortSignal;
  /** Wait before the first new try; doubles with each failure up to sixteen times. */
  readonly retryMs?: number;
}

const RETRY_MS = 1_000;
const DOUBLINGS_MAX = 4;

export async function* watchLive(options: WatchOptions): AsyncGenerator<LiveNews, void> {
  const { signal, retryMs = RETRY_MS } = options;
  const place: Place = { lastEventId: undefined, failures: 0 };
  while (!signal.aborted) {
    try {
      yield* followOnce(options, place);
      yield { kind: "lost", reason: "the connection ended" };
    } catch (error) {
      if (!signal.aborted) yield { kind: "lost", reason: error instanceof Error ? error.message : String(error) };
    }
    await pause(retryMs * 2 ** Math.min(place.failures++, DOUBLINGS_MAX), signal);
  }
}

/** Where the stream broke off, and how often in a row it could not be had. */
interface Place {
  lastEventId: string | undefined;
  failures: number;
}

async function* followOnce(options: WatchOptions, place: Place): AsyncGenerator<LiveNews, void> {
  const body = await connect(options, place.lastEventId);
  place.failures = 0;
  yield { kind: "connected" };
  if (place.lastEventId === undefined) yield { kind: "reset" };
  for await (const event of readServerEvents(body)) {
    place.lastEventId = event.id ?? place.lastEventId;
    const news = newsOf(event);
    if (news) yield news;
  }
}

async function connect(
  { address, fetcher, signal, key }: WatchOptions,
  lastEventId: string | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const headers = {
    accept: "text/event-stream",
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
  };
  const response = await fetcher(`${address}${LIVE_PATH}`, { headers, signal, cache: "no-store" });
  if (!response.ok || response.body === null) throw new Error(`the live stream answered ${response.status}`);
  return response.body;
}

function newsOf({ event, data }: ServerEvent): LiveNews | undefined {
  switch (event) {
    case "tick":
      return { kind: "tick", tick: JSON.parse(data) as Tick };
    case "reset":
      return { kind: "reset" };
    case "dropped":
      throw new Error(`the server ended it: ${(JSON.parse(data) as { readonly reason: string }).reason}`);
    default:
      return undefined;
  }
}

/** Ends early when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
