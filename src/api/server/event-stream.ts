// Server-sent events: one bounded ring of events, and every subscriber is only a cursor into it, so that a slow reader costs
// no memory. Whoever falls out of the ring, or comes back with an id of another run, is told to load everything anew; whoever
// does not read for long is dropped, with a reason.
import type { ServerResponse } from "node:http";

interface EventStreamLimits {
  /** Events kept for those who come back. */
  readonly eventsMax: number;
  readonly subscribersMax: number;
  /** Whoever has taken nothing for so long is dropped at the next beat. */
  readonly blockedMsMax: number;
}

/** Whose events: a customer's id, or everybody's. */
type Audience = string | undefined;

export interface EventStream {
  /** `own`: what a customer hears of it; everybody hears all where left out. */
  publish(event: string, data: unknown, own?: (customer: string) => unknown): void;
  /** Takes the response over; ask `isFull` before. */
  subscribe(response: ServerResponse, reader: EventReader): void;
  /** Comment lines keep proxies and readers from giving up a quiet connection; those who may not read any more are dropped. */
  beat(): Promise<void>;
  isFull(): boolean;
  /** Ends every open response. */
  close(): void;
}

interface EventReader {
  /** As the reader sent it. */
  readonly lastEventId: string | undefined;
  readonly audience?: Audience;
  /** Asked at every beat. */
  readonly mayRead?: () => Promise<boolean>;
}

interface Subscriber extends EventReader {
  readonly response: ServerResponse;
  /** Number of the last event written to it. */
  cursor: number;
  blockedSince: number | undefined;
}

interface RingEvent {
  textFor(audience: Audience): string;
}

export interface EventStreamOptions {
  /** Tells the ids of this run from those of any other: letters and digits. */
  readonly run: string;
  readonly limits: EventStreamLimits;
  /** Milliseconds. */
  readonly now?: () => number;
}

export function createEventStream({ run, limits, now = Date.now }: EventStreamOptions): EventStream {
  const ring: RingEvent[] = [];
  let newest = 0;
  const subscribers = new Set<Subscriber>();

  function write(subscriber: Subscriber, text: string): void {
    const isTaken = subscriber.response.write(text);
    subscriber.blockedSince = isTaken ? undefined : now();
  }

  function feed(subscriber: Subscriber): void {
    if (subscriber.blockedSince !== undefined) return;
    const oldest = newest - ring.length;
    if (subscriber.cursor < oldest || subscriber.cursor > newest) {
      subscriber.cursor = newest;
      write(subscriber, eventText({ id: `${run}-${newest}`, event: "reset", data: {} }));
    }
    while (subscriber.blockedSince === undefined && subscriber.cursor < newest) {
      subscriber.cursor++;
      write(subscriber, ring[subscriber.cursor - 1 - (newest - ring.length)]?.textFor(subscriber.audience) ?? "");
    }
  }

  function drop(subscriber: Subscriber, reason: string): void {
    subscribers.delete(subscriber);
    subscriber.response.end(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`);
    // Whoever does not read does not read this either.
    setTimeout(() => subscriber.response.destroy(), LINGER_MS).unref();
  }

  async function look(subscriber: Subscriber): Promise<void> {
    const { blockedSince, mayRead } = subscriber;
    if (blockedSince !== undefined) {
      if (now() - blockedSince > limits.blockedMsMax) drop(subscriber, SLOW);
      return;
    }
    if (mayRead !== undefined && !(await mayRead())) return drop(subscriber, ENDED);
    if (subscribers.has(subscriber)) write(subscriber, ": still here\n\n");
  }

  return {
    publish(event, data, own) {
      newest++;
      ring.push(ringEvent({ id: `${run}-${newest}`, event, data, own }));
      if (ring.length > limits.eventsMax) ring.shift();
      for (const subscriber of subscribers) feed(subscriber);
    },
    subscribe(response, reader) {
      const { lastEventId } = reader;
      const cursor = lastEventId === undefined ? newest : cursorOf(lastEventId, run);
      const subscriber: Subscriber = { ...reader, response, cursor, blockedSince: undefined };
      response.on("drain", () => {
        subscriber.blockedSince = undefined;
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
    async beat() {
      await Promise.all([...subscribers].map(look));
    },
    isFull: () => subscribers.size >= limits.subscribersMax,
    close() {
      for (const { response } of subscribers) response.end();
      subscribers.clear();
    },
  };
}

const RETRY_MS = 2_000;
const LINGER_MS = 5_000;
const SLOW = "This reader took nothing for too long: connect again, and read faster.";
const ENDED = "The key of this reader ended: connect again with another one.";
const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

/** Each audience's text is made once, when somebody is there to read it. */
function ringEvent(given: {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
  readonly own: ((customer: string) => unknown) | undefined;
}): RingEvent {
  const { id, event, data, own } = given;
  const texts = new Map<Audience, string>();
  return {
    textFor(audience) {
      let text = texts.get(audience);
      if (text === undefined) {
        text = eventText({ id, event, data: audience === undefined || own === undefined ? data : own(audience) });
        texts.set(audience, text);
      }
      return text;
    },
  };
}

function eventText({ id, event, data }: { id: string; event: string; data: unknown }): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** -1, which is never in the ring, for what this run did not send. */
function cursorOf(lastEventId: string, run: string): number {
  const [, sentBy, count] = lastEventId.match(/^([a-z0-9]{1,32})-(\d{1,15})$/) ?? [];
  return sentBy === run ? Number(count) : -1;
}
