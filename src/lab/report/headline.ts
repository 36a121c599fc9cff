// The first sentence of a report and the conditions it holds under. A miss is told as plainly as a hit.
import type { Resource } from "../../model/resources.ts";
import type { Scorecard } from "../../model/scorecard.ts";
import { comparedShare, scoredResources, type Verdict, verdictOf } from "./verdict.ts";
import { count, date, duration, HARD_SPACE, ratio, roundShare, SHOWN_UNIT } from "./words.ts";

/** Plain words, and numbers that wear the mark of their line in the charts. */
export type SentencePart = string | { readonly number: string; readonly mark: "reserved" | "fixed" | "none" };

export function plainText(sentence: readonly SentencePart[]): string {
  return sentence.map((part) => (typeof part === "string" ? part : part.number)).join("");
}

/** The report's first sentence: about CPU, or the first resource that the trace records. */
export function headline(scorecard: Scorecard): SentencePart[] {
  const first = scoredResources(scorecard)[0];
  if (first === undefined) return ["The trace holds nothing that could be scored."];
  const target = comparedShare(scorecard);
  return verdictSentence({ resource: first.resource, verdict: verdictOf(first.score, target), target });
}

interface Judged {
  readonly resource: Resource;
  readonly verdict: Verdict;
  /** The share of intervals short at which they are compared. */
  readonly target: number;
}

export function verdictSentence(judged: Judged): SentencePart[] {
  const { verdict } = judged;
  const opening = oursPart(judged);
  const others = [peerPart(verdict), fixedPart(verdict)].filter((part) => part.length > 0);
  if (others.length === 0) return opening;
  const rest = others.flatMap((part, index) => (index === 0 ? part : [", ", ...part]));
  return [...opening, opening.length > 0 ? " " : "", ...capitalised(rest), "."];
}

function oursPart({ resource, verdict: { ours }, target }: Judged): SentencePart[] {
  if (ours === undefined) return [];
  if (ours === null)
    return [`No setting of Headroom was short in just ${roundShare(target)} of intervals here: see its frontier.`];
  const held = ratio(ours) + HARD_SPACE + SHOWN_UNIT[resource].name;
  return ["Headroom holds ", { number: held, mark: "reserved" }, " for each one used."];
}

function peerPart({ bestPeer }: Verdict): SentencePart[] {
  if (bestPeer === undefined) return [];
  if (bestPeer === null) return ["no peer gets there"];
  return ["the best peer needs ", { number: ratio(bestPeer.value), mark: "none" }];
}

function fixedPart({ bestPeer, fixed }: Verdict): SentencePart[] {
  if (fixed === null) return [];
  return [bestPeer ? "fixed sizes " : "fixed sizes hold ", { number: ratio(fixed), mark: "fixed" }];
}

function capitalised(sentence: readonly SentencePart[]): SentencePart[] {
  const [first, ...rest] = sentence;
  return typeof first === "string" ? [first.charAt(0).toUpperCase() + first.slice(1), ...rest] : [...sentence];
}

/** Under which all of it holds: safety, fleet, time. */
export function conditions(scorecard: Scorecard): string {
  const { trace } = scorecard;
  const stepMs = trace.stepSeconds * 1000;
  const fromMs = Date.parse(trace.start) + trace.trainedTicks * stepMs;
  const days = `${date(fromMs)} to ${date(fromMs + (trace.scoredTicks - 1) * stepMs)}, UTC`;
  return [
    `All at the same safety: short in ${roundShare(comparedShare(scorecard))} of intervals.`,
    `${count(trace.vms, "VM")} on ${count(trace.hosts, "host")},`,
    `${duration(trace.scoredTicks * stepMs)} that no model saw (${days}), decided anew every ${duration(stepMs)}.`,
  ].join(" ");
}
