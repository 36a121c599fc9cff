// What is known of a series in one sentence: "7 h of history: profile prior 70 %, statistics 30 %; 3 samples missing, 1
// absurd left out."
import type { RECORD_COUNTERS } from "./demand-records.ts";
import type { SampleKind } from "./sample-kind.ts";

export interface KnownFacts {
  /** Of samples that were learned from. */
  readonly hours: number;
  /** Parts of the forecast; they sum to 1, or are all 0 while nothing can be said. */
  readonly parts: { readonly prior: number; readonly statistics: number; readonly network: number };
  /** What the last sample was, and for how many hours without a break. */
  readonly lastSample: { readonly kind: SampleKind; readonly hours: number };
  /** Since the last sample that was learned from; undefined before the first. */
  readonly hoursSinceLearned: number | undefined;
  /** Undefined where the machine was never resized, or that is more than a week ago. */
  readonly resizedHoursAgo: number | undefined;
  /** Since the first sample: samples by kind, and those that came twice, late or too late. */
  readonly counts: Readonly<Record<(typeof RECORD_COUNTERS)[number], number>>;
}

export function tellKnowledge(facts: KnownFacts): string {
  const clauses = [`${historyOf(facts.hours)}: ${partsOf(facts.parts)}`, repairsOf(facts), nowOf(facts)];
  return `${clauses.filter((clause) => clause !== "").join("; ")}.`;
}

function historyOf(hours: number): string {
  return hours === 0 ? "No history yet" : `${timeOf(hours)} of history`;
}

function partsOf({ prior, statistics, network }: KnownFacts["parts"]): string {
  const parts = [
    ["profile prior", prior],
    ["statistics", statistics],
    ["network", network],
  ] as const;
  const shown = percentagesOf(parts.map(([, part]) => part));
  const named = parts.flatMap(([name], index) => (shown[index] ? [`${name} ${shown[index]} %`] : []));
  return named.length === 0 ? "nothing can be said" : named.join(", ");
}

/** Whole percents that sum to 100, or zeros: what rounding leaves over goes to the largest. */
function percentagesOf(parts: readonly number[]): number[] {
  const whole = parts.map((part) => Math.round(100 * part));
  const sum = whole.reduce((total, part) => total + part, 0);
  if (sum === 0) return whole;
  const largest = whole.indexOf(Math.max(...whole));
  return whole.map((part, index) => (index === largest ? part + 100 - sum : part));
}

function repairsOf({ counts }: KnownFacts): string {
  const { missing, late, tooLate, absurd, repeated, censored, excluded } = counts;
  const told: readonly (readonly [number, string])[] = [
    [missing, missing === 1 ? "sample missing" : "samples missing"],
    [late, "came late"],
    [tooLate, "too late to use"],
    [absurd, "absurd left out"],
    [repeated, "sent twice"],
    [censored, 'at its limit, counted as "at least"'],
    [excluded, "excluded from learning"],
  ];
  return told.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`])).join(", ");
}

function nowOf({ lastSample, hoursSinceLearned, resizedHoursAgo }: KnownFacts): string {
  const resized = resizedHoursAgo === undefined ? [] : [`resized ${timeOf(resizedHoursAgo)} ago`];
  return [...resized, ...stateOf(lastSample, hoursSinceLearned)].join(", ");
}

function stateOf({ kind, hours }: KnownFacts["lastSample"], hoursSinceLearned: number | undefined): string[] {
  switch (kind) {
    case "off":
      return [`off for ${timeOf(hours)}`];
    case "excluded":
      return [`learning paused for ${timeOf(hours)}`];
    case "missing":
    case "absurd":
      return hoursSinceLearned === undefined ? [] : [`no usable sample for ${timeOf(hoursSinceLearned)}`];
    case "ok":
    case "censored":
      return [];
  }
}

/** "25 min", "7 h", "12 days". */
function timeOf(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`;
}
