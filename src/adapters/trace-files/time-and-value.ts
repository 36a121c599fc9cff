// A row that is a time and an amount, as NAB files and files of one series have it.
import { amountOf, EXPECTED_AMOUNT, EXPECTED_TIME, timeMs } from "./field-values.ts";
import { type RowProblem, shown } from "./problems.ts";
import { appendRow, type RowTable } from "./row-table.ts";

/** Appends it to the table, or says what is wrong in which column. */
export function takeTimeAndValue(table: RowTable, [time, text]: readonly [string, string]): RowProblem | undefined {
  const at = timeMs(time);
  if (Number.isNaN(at)) return { column: 1, expected: EXPECTED_TIME, got: shown(time) };
  const value = amountOf(text);
  if (Number.isNaN(value)) return { column: 2, expected: EXPECTED_AMOUNT, got: shown(text) };
  appendRow(table, [at, value]);
  return undefined;
}
