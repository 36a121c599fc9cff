// Which format a file has, told by its first bytes. A name is never looked at.
import type { Result } from "../../model/result.ts";
import { success } from "../../model/result.ts";
import type { TraceFormat } from "../../model/trace.ts";
import { BITBRAINS_LAYOUT } from "./bitbrains.ts";
import { headOf, isTar } from "./file-bytes.ts";
import { LONG_CSV_LAYOUT } from "./long-csv.ts";
import { NAB_LAYOUT } from "./nab.ts";
import { isPercentLine } from "./planetlab.ts";
import { badInput, shown } from "./problems.ts";
import { headerText, isHeader, type RowLayout } from "./rows.ts";

const WITH_HEADER: readonly (readonly [TraceFormat, RowLayout])[] = [
  ["bitbrains", BITBRAINS_LAYOUT],
  ["csv", LONG_CSV_LAYOUT],
  ["nab", NAB_LAYOUT],
];

/** The format of the file; "bad-input" with what was expected when its beginning fits none. */
export async function detectFormat(file: string): Promise<Result<TraceFormat>> {
  const head = await headOf(file);
  if (!head.ok) return head;
  if (head.value.length === 0) return badInput(`${file}: the file is empty`);
  if (isTar(head.value)) return success("planetlab");
  const text = head.value.toString("utf8").replace(/^\uFEFF/, "");
  const [first = "", ...others] = text.split(/\r?\n/);
  const found = WITH_HEADER.find(([, layout]) => isHeader(layout, fieldsOf(first, layout)));
  if (found !== undefined) return success(found[0]);
  // The last line of the head may be cut.
  if ([first, ...others.slice(0, -1)].every(isPercentLine)) return success("planetlab");
  return badInput(
    `${file}, line 1: no trace format begins with ${shown(first)}; expected ${EXPECTED}. Or name the format.`,
  );
}

const EXPECTED = [
  ...WITH_HEADER.map(([format, layout]) => `${headerText(layout)} (${format})`),
  "a whole number from 0 to 100 (planetlab)",
].join(", or ");

function fieldsOf(line: string, { delimiter, quotes }: RowLayout): string[] {
  const fields = line.split(delimiter);
  return quotes ? fields.map((field) => field.trim().replace(/^"(.*)"$/, "$1")) : fields;
}
