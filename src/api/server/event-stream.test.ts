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
    end: () => response,
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

function streamOf(eventsMax: number) {
  return createEventStream({ run: "a", limits: { eventsMax, subscribersMax: 2 } });
}

test("a reader that is full is not written to at all, not even to keep it alive", () => {
  const stream = streamOf(3);
  const { response, written, state } = reader();
  stream.subscribe(response, undefined);
  state.full = true;
  stream.publish("tick", 1);
  const before = written.length;
  for (let count = 2; count < 100; count++) stream.publish("tick", count);
  stream.keepAlive();
  expect(written).toHaveLength(before);
});

test("when it drains it gets what it missed, or is reset when that is gone", () => {
  const stream = streamOf(3);
  const [little, much] = [reader(), reader()];
  stream.subscribe(little.response, undefined);
  stream.subscribe(much.response, undefined);
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
  stream.subscribe(one.response, undefined);
  expect(stream.isFull()).toBe(false);
  stream.subscribe(two.response, undefined);
  expect(stream.isFull()).toBe(true);
  one.response.emit("close");
  expect(stream.isFull()).toBe(false);
});
