import { expect, test } from "vitest";
import { NO_REPAIRS } from "../../model/trace.ts";
import { repairSentences } from "./repairs.ts";

test("what was fine is not mentioned", () => {
  expect(repairSentences({ ...NO_REPAIRS, rowsRead: 1_000 })).toEqual([]);
});

test("each repair is one sentence, the worst first", () => {
  const sentences = repairSentences({ ...NO_REPAIRS, repeatedRows: 1, skippedRows: 12, filledTicks: 3 });
  expect(sentences.map((sentence) => sentence.replaceAll("\u00a0", " "))).toEqual([
    "12 rows could not be read and were left out.",
    "3 intervals in short gaps had no sample: the value before was held.",
    "1 row repeated an earlier one and was counted once.",
  ]);
});

test("every repair that an importer counts has a sentence", () => {
  const kinds = Object.keys(NO_REPAIRS).filter((kind) => kind !== "rowsRead");
  for (const kind of kinds) expect(repairSentences({ ...NO_REPAIRS, [kind]: 5 })).toHaveLength(1);
});
