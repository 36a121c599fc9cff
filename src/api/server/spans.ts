// From and to of a question, with what holds where they are left out.
import { type Result, success } from "../../model/result.ts";
import { type Instant, instant } from "../../model/time.ts";
import { type Refusal, wrongParameter } from "./refusals.ts";

export interface Span {
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
}

/** What the store is asked for: a sample belongs to the time before it, so that one at the end counts and one at the start does not. */
export function samplesEndedIn({ from, to }: Span): Span {
  return { from: instant(from + 1), to: instant(to + 1) };
}

export function readSpan(
  { from, to }: { readonly from?: string; readonly to?: string },
  given: { readonly now: Instant; readonly lengthMs: number; readonly lengthMsMax: number },
): Result<Span, Refusal> {
  const end = to === undefined ? given.now : instant(Date.parse(to));
  const start = from === undefined ? instant(end - given.lengthMs) : instant(Date.parse(from));
  if (start >= end) return wrongParameter("from", "must be before to");
  if (end - start > given.lengthMsMax)
    return wrongParameter("from", `must be at most ${given.lengthMsMax / 86_400_000} days before to`);
  return success({ from: start, to: end });
}
