import fc from "fast-check";
import { expect, test } from "vitest";
import { horizontalBar } from "./horizontal-bar.ts";

test("a bar is as long as its value, to an eighth of a character", () => {
  const bar = (value: number | null, isRich: boolean) => horizontalBar({ value, end: 4, width: 8, isRich });
  expect([bar(4, true), bar(2, true), bar(1.3, true), bar(0, true), bar(null, true), bar(5, true)]).toEqual([
    "████████",
    "████    ",
    "██▋     ",
    "▏       ",
    "        ",
    "██████╱╱",
  ]);
  expect([bar(2, false), bar(1.3, false), bar(5, false)]).toEqual(["####    ", "###     ", "######//"]);
});

test("a bar always has its width", () => {
  const value = fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: null });
  const law = fc.property(value, fc.integer({ min: 0, max: 50 }), fc.boolean(), (given, width, isRich) => {
    expect(horizontalBar({ value: given, end: 3, width, isRich })).toHaveLength(width);
  });
  fc.assert(law, { seed: 1 });
});
