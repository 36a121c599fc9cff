import fc from "fast-check";
import { expect, test } from "vitest";
import { ROWS_WAITING_MAX, readOrder, readWord } from "./cell-messages.ts";

const columns = (rows: number) => ({
  vms: ["a"],
  vm: new Uint32Array(rows),
  at: new Float64Array(rows),
  usage: new Float32Array(4 * rows),
});
const request = (given: object) => ({ kind: "request", id: 1, request: given });

test("orders and words of their forms are read as they are, also after they travelled", () => {
  const orders = [
    request({ kind: "open", plan: { cell: { id: "c1" } } }),
    request({ kind: "ask", cell: "c1", question: { kind: "fleet" } }),
    request({ kind: "command", cell: "c1", command: { kind: "hand-back", vm: "a" } }),
    request({ kind: "leave", cell: "c1" }),
    request({ kind: "close" }),
    { kind: "samples", columns: columns(3), receivedAt: 5 },
  ];
  for (const order of orders) expect(readOrder(structuredClone(order))).toEqual({ ok: true, value: order });
  const words = [
    { kind: "answer", id: 1, result: { ok: true, value: undefined } },
    { kind: "news", cell: "c1", news: { kind: "doing", doing: "waiting" } },
    { kind: "took", rows: 3 },
    { kind: "notice", sentence: "hello" },
  ];
  for (const word of words) expect(readWord(structuredClone(word))).toEqual({ ok: true, value: word });
});

test.each([
  ["an order without a kind", {}],
  ["a request without an id", { kind: "request", request: { kind: "close" } }],
  ["a request that nobody knows", request({ kind: "burn" })],
  ["a request named like what every object has", request({ kind: "toString" })],
  ["a question of no cell", request({ kind: "ask", question: { kind: "fleet" } })],
  ["a plan that is none", request({ kind: "open", plan: "soon" })],
  [
    "columns of different lengths",
    { kind: "samples", receivedAt: 1, columns: { ...columns(3), at: new Float64Array(2) } },
  ],
  ["columns of other kinds", { kind: "samples", receivedAt: 1, columns: { ...columns(3), usage: [1, 2, 3] } }],
  ["more rows than may wait", { kind: "samples", receivedAt: 1, columns: columns(ROWS_WAITING_MAX + 1) }],
  ["samples of no time", { kind: "samples", columns: columns(1) }],
])("%s is refused with a sentence", (_, message) => {
  expect(readOrder(message)).toMatchObject({
    ok: false,
    error: { kind: "bad-input", message: expect.stringMatching(/^This is not .* between threads: /) },
  });
});

test("garbage is refused on both sides, and never thrown at", () => {
  fc.assert(
    fc.property(fc.anything({ withTypedArray: true, withMap: true, withNullPrototype: true }), (message) => {
      expect([readOrder(message).ok, readWord(message).ok]).toEqual([false, false]);
    }),
    { seed: 1, numRuns: 300 },
  );
});
