import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { createEventStream } from "./event-stream.ts";

/** Takes what is written until it is told to be full; then nothing more should come until it drains. */
function reader() {
  const written: string[] = [];
  const state = { full: false };
  const response = Object.assign(new EventEmitter(), {
    writeHead: () => response,
    end: (text?: string) => {
      if (text !== undefined) written.push(text);
      return response;
    },
    destroy: () => response,
    write(text: string): boolean {
      written.push(text);
      return !state.full;
    },
  });
  const drain = (): void => {
    state.full = false;
    response.emit("drain");
  };
  // Only these few methods of a response are used.
  return { response: response as unknown as ServerResponse, written, state, drain };
}

const NEW = { lastEventId: undefined };
const clock = { at: 0, now: () => clock.at };

function streamOf(eventsMax: number) {
  return createEventStream({ run: "a", limits: { eventsMax, subscribersMax: 2, blockedMsMax: 1_000 }, now: clock.now });
}

test("a reader that is full is not written to at all, not even to keep it alive", async () => {
  const stream = streamOf(3);
  const { response, written, state } = reader();
  stream.subscribe(response, NEW);
  state.full = true;
  stream.publish("tick", 1);
  const before = written.length;
  for (let count = 2; count < 100; count++) stream.publish("tick", count);
  await stream.beat();
  expect(written).toHaveLength(before);
});

test("when it drains it gets what it missed, or is reset when that is gone", () => {
  const stream = streamOf(3);
  const [little, much] = [reader(), reader()];
  stream.subscribe(little.response, NEW);
  stream.subscribe(much.response, NEW);
  much.state.full = true;
  for (let count = 1; count <= 4; count++) stream.publish("tick", count);
  little.state.full = true;
  for (let count = 5; count <= 7; count++) stream.publish("tick", count);
  const from = [little.written.length, much.written.length];
  little.drain();
  much.drain();
  expect(little.written.slice(from[0])).toEqual(["a-6", "a-7"].map((id) => expect.stringContaining(`id: ${id}\n`)));
  expect(much.written.slice(from[1])).toEqual(["id: a-7\nevent: reset\ndata: {}\n\n"]);
});

test("readers are counted, and forgotten when they leave", () => {
  const stream = streamOf(3);
  const [one, two] = [reader(), reader()];
  stream.subscribe(one.response, NEW);
  expect(stream.isFull()).toBe(false);
  stream.subscribe(two.response, NEW);
  expect(stream.isFull()).toBe(true);
  one.response.emit("close");
  expect(stream.isFull()).toBe(false);
});

test("a reader that takes nothing for too long is dropped, with a reason; so is one that may not read any more", async () => {
  const stream = streamOf(3);
  const [slow, ended] = [reader(), reader()];
  let mayRead = true;
  stream.subscribe(slow.response, NEW);
  stream.subscribe(ended.response, { ...NEW, mayRead: async () => mayRead });
  slow.state.full = true;
  stream.publish("tick", 1);
  clock.at += 900;
  await stream.beat();
  expect(stream.isFull()).toBe(true);
  clock.at += 200;
  mayRead = false;
  await stream.beat();
  expect(slow.written.at(-1)).toMatch(/^event: dropped\ndata: {"reason":"This reader took nothing/);
  expect(ended.written.at(-1)).toMatch(/^event: dropped\ndata: {"reason":"The key of this reader ended/);
  expect(stream.isFull()).toBe(false);
});

test("a customer hears its own part, under the same id", () => {
  const stream = streamOf(3);
  const [all, own] = [reader(), reader()];
  stream.subscribe(all.response, NEW);
  stream.subscribe(own.response, { ...NEW, audience: "a" });
  stream.publish("tick", { a: 1, b: 2 }, (customer) => ({ [customer]: 1 }));
  expect(all.written.at(-1)).toBe('id: a-1\nevent: tick\ndata: {"a":1,"b":2}\n\n');
  expect(own.written.at(-1)).toBe('id: a-1\nevent: tick\ndata: {"a":1}\n\n');
});
