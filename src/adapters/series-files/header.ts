// The names in the first line of a CSV file.
import { parse } from "csv-parse/sync";
import { type Result, success } from "../../model/result.ts";
import { headOf } from "../trace-files/file-bytes.ts";
import { badInput, readingFailed } from "../trace-files/problems.ts";

/** Trimmed, as they are written. Fails on a file that is not there, is empty, or begins with no line of CSV. */
export async function headerOf(file: string): Promise<Result<readonly string[]>> {
  const head = await headOf(file);
  if (!head.ok) return head;
  try {
    const [line] = parse(head.value, { bom: true, trim: true, to: 1, relax_column_count: true }) as string[][];
    return line === undefined ? badInput(`${file}: the file is empty`) : success(line);
  } catch (thrown) {
    return readingFailed(file, thrown);
  }
}
