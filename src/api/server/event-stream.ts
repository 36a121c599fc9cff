// Server-sent events: one bounded ring of events, and every subscriber is only a cursor into it, so that a slow reader costs
// no memory. Whoever falls out of the ring, or comes back with an id of another run, is told to load everything anew.
import type { ServerResponse } from "node:http";

export interface EventStreamLimits {
  /** Events kept for those who come back. */
  readonly eventsMax: number;
  readonly subscribersMax: number;
}

export interface EventStream {
  publish(event: string, data: unknown): void;
  /** Takes the response over; ask `isFull` before. `lastEventId` as the reader sent it. */
  subscribe(response: ServerResponse, lastEventId: string | undefined): void;
  /** Comment lines keep proxies and readers from giving up a quiet connection. */
  keepAlive(): void;
  isFull(): boolean;
  /** Ends every open response. */
  close(): void;
}

interface Subscriber {
  readonly response: ServerResponse;
  /** Number of the last event written to it. */
  cursor: number;
  blocked: boolean;
}

/** `run` tells the ids of this run from those of any other: letters and digits. */
export function createEventStream({ run, limits }: { run: string; limits: EventStreamLimits }): EventStream {
  const ring: string[] = [];
  let newest = 0;
  const subscribers = new Set<Subscriber>();

  function write(subscriber: Subscriber, text: string): void {
    subscriber.blocked = !subscriber.response.write(text);
  }

  function feed(subscriber: Subscriber): void {
    if (subscriber.blocked) return;
    const oldest = newest - ring.length;
    if (subscriber.cursor < oldest || subscriber.cursor > newest) {
      subscriber.cursor = newest;
      write(subscriber, eventText({ id: `${run}-${newest}`, event: "reset", data: {} }));
    }
    while (!subscriber.blocked && subscriber.cursor < newest) {
      subscriber.cursor++;
      write(subscriber, ring[subscriber.cursor - 1 - (newest - ring.length)] ?? "");
    }
  }

  return {
    publish(event, data) {
      newest++;
      ring.push(eventText({ id: `${run}-${newest}`, event, data }));
      if (ring.length > limits.eventsMax) ring.shift();
      for (const subscriber of subscribers) feed(subscriber);
    },
    subscribe(response, lastEventId) {
      const cursor = lastEventId === undefined ? newest : cursorOf(lastEventId, run);
      const subscriber: Subscriber = { response, cursor, blocked: false };
      response.on("drain", () => {
        subscriber.blocked = false;
        feed(subscriber);
      });
      response.on("close", () => subscribers.delete(subscriber));
      response.on("error", () => subscribers.delete(subscriber));
      response.writeHead(200, HEADERS);
      // The id of "now" comes first: whoever loses the connection before the first event can still resume.
      write(
        subscriber,
        lastEventId === undefined ? `id: ${run}-${newest}\nretry: ${RETRY_MS}\n\n` : `retry: ${RETRY_MS}\n\n`,
      );
      subscribers.add(subscriber);
      feed(subscriber);
    },
    keepAlive() {
      for (const subscriber of subscribers) if (!subscriber.blocked) write(subscriber, ": still here\n\n");
    },
    isFull: () => subscribers.size >= limits.subscribersMax,
    close() {
      for (const { response } of subscribers) response.end();
      subscribers.clear();
    },
  };
}

const RETRY_MS = 2_000;
const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

function eventText({ id, event, data }: { id: string; event: string; data: unknown }): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** -1, which is never in the ring, for what this run did not send. */
function cursorOf(lastEventId: string, run: string): number {
  const [, sentBy, count] = lastEventId.match(/^([a-z0-9]{1,32})-(\d{1,15})$/) ?? [];
  return sentBy === run ? Number(count) : -1;
}
