// Rows of numbers in one growing array, with the time in front. In order of time on request; equal rows only once.

export interface RowTable {
  /** Numbers in a row; the first is the time in milliseconds since 1970. */
  readonly width: number;
  rowCount: number;
  numbers: Float64Array;
}

export interface OrderedRows {
  /** Row numbers in order of time, equal rows left out. */
  readonly order: Uint32Array;
  readonly repeatedRows: number;
  readonly outOfOrderRows: number;
}

const ROWS_AT_FIRST = 8;

export function emptyTable(width: number): RowTable {
  return { width, rowCount: 0, numbers: new Float64Array(width * ROWS_AT_FIRST) };
}

export function appendRow(table: RowTable, row: ArrayLike<number>): void {
  const start = table.rowCount * table.width;
  if (start + table.width > table.numbers.length) {
    const larger = new Float64Array(table.numbers.length * 2);
    larger.set(table.numbers);
    table.numbers = larger;
  }
  table.numbers.set(row, start);
  table.rowCount++;
}

export function rowOf({ width, numbers }: RowTable, row: number): Float64Array {
  return numbers.subarray(row * width, (row + 1) * width);
}

export function timeOf({ width, numbers }: RowTable, row: number): number {
  return numbers[row * width] as number;
}

/** Rows of one time are ordered by their numbers, so that equal rows meet wherever they stood in the file. */
export function orderedRows(table: RowTable): OrderedRows {
  const order = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
  let outOfOrderRows = 0;
  let ascending = true;
  for (let row = 1; row < table.rowCount; row++) {
    const later = timeOf(table, row) - timeOf(table, row - 1);
    if (later < 0) outOfOrderRows++;
    if (later <= 0) ascending = false;
  }
  if (ascending) return { order, repeatedRows: 0, outOfOrderRows };
  order.sort((left, right) => compareRows(table, left, right));
  const distinct = order.filter((row, at) => at === 0 || compareRows(table, order[at - 1] as number, row) !== 0);
  return { order: distinct, repeatedRows: order.length - distinct.length, outOfOrderRows };
}

function compareRows({ width, numbers }: RowTable, left: number, right: number): number {
  for (let column = 0; column < width; column++) {
    const difference = (numbers[left * width + column] as number) - (numbers[right * width + column] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
