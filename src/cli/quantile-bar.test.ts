import { expect, test } from "vitest";
import { quantileBar, sparkline } from "./quantile-bar.ts";

test("a bar is solid up to the first value and thinner after each, always as wide as asked", () => {
  const bar = (values: readonly number[], isRich = false, mark: number | null = null) =>
    quantileBar({ values, end: 10, width: 10, isRich, mark });
  expect(bar([3, 5, 9])).toBe("###==---- ");
  expect(bar([3, 5, 9], true)).toBe("███▒▒░░░░ ");
  expect(bar([3, 5, 9], false, 6)).toBe("###==-|-- ");
  expect(bar([3, 5, 9], false, 99)).toBe("###==----|");
  expect(bar([])).toBe(" ".repeat(10));
  expect(quantileBar({ values: [0, 0, 0], end: 0, width: 3, isRich: true, mark: null })).toBe("   ");
});

test("a line has a character a value; nothing is known is a space", () => {
  expect(sparkline([0, 1, 2, 4, 8, null], true)).toBe("▁▂▃▅█ ");
  expect(sparkline([0, 8], false)).toBe("_#");
  expect(sparkline([0, 0], false)).toBe("__");
});
