import { expect, test } from "vitest";
import { type Bar, inOrder, ratioBars, scaleEnd } from "./bars.ts";

const bars: readonly Bar[] = [
  { title: "Fixed sizes", role: "fixed", value: 20.5 },
  { title: "Reactive", role: "peer", value: null },
  { title: "VPA", role: "peer", value: 3.05 },
  { title: "Autopilot", role: "peer", value: 1.55 },
  { title: "Headroom", role: "ours", value: 1.19 },
];

test("ours comes first, then who needs least, then who never gets there, then fixed sizes", () => {
  expect(inOrder(bars).map(({ title }) => title)).toEqual(["Headroom", "Autopilot", "VPA", "Reactive", "Fixed sizes"]);
});

test("one huge value does not squash the others", () => {
  expect(scaleEnd([1.19, 1.55, 3.05, 20.5])).toBe(3.05);
  expect(scaleEnd([1.01])).toBe(1.25);
  expect(scaleEnd([])).toBe(1.25);
});

test("a huge bar has a break mark, never is a word, and every number is written out", () => {
  const { markup } = ratioBars(inOrder(bars));
  expect(markup.match(/class="cut"/g)).toHaveLength(1);
  expect(markup.match(/class="never"/g)).toHaveLength(1);
  for (const number of ["1.19", "1.55", "3.05", "never", "20.5"]) expect(markup).toContain(`<b>${number}</b>`);
});
