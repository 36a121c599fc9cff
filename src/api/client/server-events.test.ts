import fc from "fast-check";
import { expect, test } from "vitest";
import { readServerEvents, type ServerEvent } from "./server-events.ts";

async function eventsOf(pieces: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readServerEvents(body)) events.push(event);
  return events;
}

const TEXT = 'id: a-1\nevent: tick\ndata: {"name":"Café ☂"}\n\n: still here\n\nid: a-2\nevent: reset\ndata: {}\n\n';

test("however the bytes are cut, the events are the same", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  const whole = await eventsOf([bytes]);
  expect(whole.filter(({ id }) => id !== undefined)).toEqual([
    { id: "a-1", event: "tick", data: '{"name":"Café ☂"}' },
    { id: "a-2", event: "reset", data: "{}" },
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));
      expect(await eventsOf(pieces)).toEqual(whole);
    }),
    { seed: 1 },
  );
});

test("an event that the connection cut off is not told", async () => {
  expect(await eventsOf([new TextEncoder().encode("id: a-1\nevent: tick\ndata: {}\n\nid: a-2\nevent: ti")])).toEqual([
    { id: "a-1", event: "tick", data: "{}" },
  ]);
});
