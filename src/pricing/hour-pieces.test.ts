import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS } from "../model/time.ts";
import { hourPieces, totalWithin } from "./hour-pieces.ts";

const START = Date.UTC(2026, 2, 28, 22);
const span = fc
  .tuple(fc.nat({ max: 5 * HOUR_MS }), fc.nat({ max: 30 * HOUR_MS }))
  .map(([begin, lasts]) => ({ from: START + begin, to: START + begin + lasts }));

test("pieces follow one another without gap or overlap, and none crosses an hour", () => {
  const law = fc.property(span, ({ from, to }) => {
    let until = from;
    for (const piece of hourPieces({ from, to })) {
      expect(piece.from).toBe(until);
      expect(piece.to).toBeGreaterThan(piece.from);
      expect(Math.floor(piece.from / HOUR_MS)).toBe(Math.ceil(piece.to / HOUR_MS) - 1);
      until = piece.to;
    }
    expect(until).toBe(to);
  });
  fc.assert(law, { seed: 1 });
});

test("a total is divided over pieces whole and to the last unit; a constant amount exactly", () => {
  const law = fc.property(span, fc.nat({ max: 2 ** 24 }), fc.nat({ max: 2 ** 20 }), (over, amount, more) => {
    const lasts = over.to - over.from;
    if (lasts === 0) return;
    const total = amount * lasts + (more % lasts);
    const parts = hourPieces(over).map((piece) => totalWithin(total, { over, piece }));
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
    for (const part of parts) expect(Number.isSafeInteger(part) && part >= 0).toBe(true);
    if (more % lasts === 0) expect(parts).toEqual(hourPieces(over).map(({ from, to }) => amount * (to - from)));
  });
  fc.assert(law, { seed: 1 });
});
