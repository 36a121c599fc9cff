import fc from "fast-check";
import { expect, test } from "vitest";
import { appendRow, emptyTable, orderedRows, rowOf } from "./row-table.ts";

function tableOf(rows: readonly (readonly [number, number])[]) {
  const table = emptyTable(2);
  for (const row of rows) appendRow(table, row);
  return table;
}

test("ordered rows are the distinct rows in order of time, and the counts add up", () => {
  const rows = fc.array(fc.tuple(fc.nat(9), fc.nat(3)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (list) => {
      const table = tableOf(list);
      const { order, repeatedRows, outOfOrderRows } = orderedRows(table);
      const distinct = [...new Set(list.map((row) => row.join()))].map((row) => row.split(",").map(Number));
      const expected = distinct.sort(([t = 0, v = 0], [u = 0, w = 0]) => t - u || v - w);
      expect(Array.from(order, (row) => Array.from(rowOf(table, row)))).toEqual(expected);
      expect(repeatedRows).toBe(list.length - distinct.length);
      expect(outOfOrderRows).toBe(list.filter(([time], at) => time < (list[at - 1]?.[0] ?? 0)).length);
    }),
    { seed: 1 },
  );
});

test("equal rows meet even when another row of the same time lies between them", () => {
  expect(
    orderedRows(
      tableOf([
        [5, 1],
        [5, 2],
        [5, 1],
      ]),
    ).repeatedRows,
  ).toBe(1);
});
