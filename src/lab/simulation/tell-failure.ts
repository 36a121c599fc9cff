// A failure as a person reads it: what broke, with the numbers, what was decided before it, and what to type to see it again.
import { explain } from "../../control/explain.ts";
import { iso } from "../../model/time.ts";
import { commandOf } from "./setting.ts";
import type { BrokenVerdict } from "./shrink.ts";

export function tellFailure({ setting, broken }: BrokenVerdict): string[] {
  const { invariant, sentence, tick, at, records } = broken;
  return [
    `Seed ${setting.seed}, tick ${tick} (${iso(at)}): broken is "${invariant}".`,
    sentence,
    `The last ${records.length} decisions before it:`,
    ...records.map((record) => {
      const { sentence: what, reason } = explain(record);
      return `  ${iso(record.at).slice(0, 16)}  ${what} ${reason}`;
    }),
    `Again: ${commandOf(setting)}`,
  ];
}
