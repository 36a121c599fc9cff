import { expect, test } from "vitest";
import { tableLines } from "./text-table.ts";

const COLUMNS = [
  { head: "id", isText: true, isWhole: true },
  { head: "name", isText: true },
  { head: "cores" },
] as const;
const ROWS = [
  ["key-1", "collector", "1.5"],
  ["key-20", "a name that is rather long", "12.0"],
];

test("columns are as wide as they need to be, numbers stand on the right", () => {
  expect(tableLines({ columns: COLUMNS, rows: ROWS }, { columns: 80, isRich: false })).toEqual([
    "id      name                        cores",
    "key-1   collector                     1.5",
    "key-20  a name that is rather long   12.0",
  ]);
});

test("where the screen is too narrow names are clipped, and ids are not", () => {
  const lines = tableLines({ columns: COLUMNS, rows: ROWS }, { columns: 30, isRich: false });
  expect(lines).toEqual([
    "id      name             cores",
    "key-1   collector          1.5",
    "key-20  a name that i..   12.0",
  ]);
});

test("nothing from outside can steer the terminal", () => {
  const rows = [["key\u001b[2J", "x\ny", "1"]];
  expect(tableLines({ columns: COLUMNS, rows }, { columns: 80, isRich: false })[1]).toBe("key[2J  x y       1");
});
