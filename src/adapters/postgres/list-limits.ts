// Every list has a bound: 1 to 1000 rows at a time.
import { failure, type Result, success } from "../../model/result.ts";

const ROWS_MAX = 1000;

export function checkedLimit(limit: number): Result<number> {
  if (Number.isInteger(limit) && limit >= 1 && limit <= ROWS_MAX) return success(limit);
  return failure("bad-input", `A list has a limit from 1 to ${ROWS_MAX}, not ${limit}.`);
}
