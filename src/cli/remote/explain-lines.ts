// An explanation as it is read: one plain sentence, then the numbers, then what was decided. Nothing is said that was not found.
import { formatAmount } from "../../model/format-amount.ts";
import { type Resource, UNLIMITED_AMOUNT } from "../../model/resources.ts";
import { iso } from "../../model/time.ts";
import { clockIn, momentIn } from "../local-time.ts";
import { shownOn, wrapped } from "../terminal.ts";
import { styled } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import type { Findings, ResourceFindings } from "./explain-questions.ts";
import { decisionLines, told } from "./one-in-detail.ts";
import { RESOURCE_NAMES } from "./resource-table.ts";

export function explainLines(findings: Findings, page: LocalPage): string[] {
  const note = findings.isObserved
    ? ["", ...told("Its cell only observes: this was decided and explained, and done to no machine.", page)]
    : [];
  const blocks = findings.resources.map((each) => [
    ...whyLines(whyOf(findings, each, page.zone), page),
    "",
    ...numberLines(findings, each, page),
    ...decisionLines(each.decisions, page),
  ]);
  return [...blocks.flatMap((lines, at) => (at === 0 ? lines : ["", ...lines])), ...note];
}

function whyLines({ sentence, because }: Told, page: LocalPage): string[] {
  const bold = told(sentence, page).map((line) => styled(line, "bold", page));
  return [...bold, ...(because === undefined ? [] : told(because, page))];
}

export function explainJson(findings: Findings): unknown {
  const { terms, allocation, forecast, at, resources, isObserved } = findings;
  return {
    vm: terms.vm,
    at: at === undefined ? (allocation?.at ?? null) : iso(at),
    isObserved,
    resources: resources.map((each) => ({
      ...each,
      ...whyOf(findings, each, "UTC"),
      terms: terms.resources[each.resource],
      allocation: allocation?.resources[each.resource] ?? null,
      forecast: forecast?.resources[each.resource] ?? null,
    })),
  };
}

interface Told {
  readonly sentence: string;
  /** What was decided, or what is expected; left out where nobody can tell. */
  readonly because?: string;
}

/** Of now from what holds now; of then from the same where nothing changed since, and else from the last change before. */
function whyOf(findings: Findings, found: ResourceFindings, zone: string): Told {
  const { terms, allocation, at } = findings;
  const { resource, change } = found;
  const name = RESOURCE_NAMES[resource];
  const when = at === undefined ? "now" : `at ${momentIn(zone, at)}`;
  if (!found.isStillSo) {
    if (change === null)
      return {
        sentence: `Nothing is on record that changed the ${name} of ${terms.vm} before ${momentIn(zone, at ?? 0)}.`,
      };
    const decided = `was decided at ${momentIn(zone, change.at)}: ${change.sentence}`;
    return { sentence: `What ${terms.vm} had of ${name} ${when} ${decided}`, because: change.reason };
  }
  if (allocation === null)
    return { sentence: `No tick has seen ${terms.vm} yet: nothing is decided about its ${name}.` };
  const sentence = stateSentence(findings, resource, when);
  const because =
    change === null
      ? expectation(findings, resource)
      : `Decided at ${momentIn(zone, change.at)}: ${change.sentence} ${change.reason}`;
  return { sentence, ...(because !== undefined && { because }) };
}

function stateSentence({ terms, allocation, at }: Findings, resource: Resource, when: string): string {
  const { base = 0, leased = 0, allocation: whole = 0 } = allocation?.resources[resource] ?? {};
  const { optedIn } = terms.resources[resource];
  const name = RESOURCE_NAMES[resource];
  const amount = (value: number) => formatAmount(resource, value);
  const head = `${terms.vm} ${at === undefined ? "has" : "had"} ${amount(whole)} of ${name} ${when}`;
  if (leased > 0) {
    const end = optedIn ? "." : `, which goes back: ${terms.customer} is opted out of ${name}.`;
    return `${head}: its base of ${amount(base)} and ${amount(leased)} lent on top${end}`;
  }
  return optedIn
    ? `${head}: its base and nothing on top.`
    : `${head}: its base, and never more, since ${terms.customer} did not opt in for ${name}.`;
}

const NEARLY_SURE = 0.99;

/** Why nothing is lent where nothing was decided: only if the forecast says so. */
function expectation({ forecast, allocation, terms, at }: Findings, resource: Resource): string | undefined {
  const peak = forecast?.resources[resource].halfHourPeak?.[forecast.levels.indexOf(NEARLY_SURE)];
  const { base = 0, leased = 0 } = allocation?.resources[resource] ?? {};
  const isAsked = terms.resources[resource].optedIn && leased === 0 && at === undefined;
  if (!isAsked || peak === undefined || peak > base) return undefined;
  return `It is expected to need no more: in 99 of 100 cases it stays below ${formatAmount(resource, peak)} in the next 30 minutes.`;
}

function numberLines(findings: Findings, found: ResourceFindings, page: LocalPage): string[] {
  const rows = [
    ...thenRows(found, page),
    ...(found.isStillSo ? nowRows(findings, found, page) : []),
    ...(findings.at === undefined ? forecastRows(findings, found) : []),
  ];
  const width = Math.max(0, ...rows.map(([, amount]) => amount.length));
  const indent = LABEL_COLUMNS + width + 2;
  return rows.flatMap(([label, amount, note]) => {
    const [first = "", ...rest] = wrapped(shownOn(page, note), page.columns - indent);
    const lead = `${label.padEnd(LABEL_COLUMNS)}${shownOn(page, amount).padStart(width)}  `;
    return [`${lead}${first}`, ...rest.map((line) => `${" ".repeat(indent)}${line}`)];
  });
}

const LABEL_COLUMNS = 16;

type Row = readonly [string, string, string];

function thenRows({ measured, resource }: ResourceFindings, { zone }: LocalPage): Row[] {
  if (measured === null) return [];
  return [["measured", formatAmount(resource, measured.amount), `until ${momentIn(zone, measured.at)}`]];
}

function nowRows({ allocation, terms, at }: Findings, { resource }: ResourceFindings, { zone }: LocalPage): Row[] {
  if (allocation === null) return [];
  const amount = (value: number | null) => (value === null ? "unknown" : signed(resource, value));
  const { demand, base, leased, allocation: whole, bufferInReach, headroom } = allocation.resources[resource];
  const lease = allocation.leases.find((each) => each.resource === resource);
  const until = lease === undefined || at !== undefined ? "" : ` until ${clockIn(zone, lease.expiresAt)}`;
  const ceiling = terms.resources[resource].ceiling;
  const rows: Row[] = [
    ["allocation", amount(whole), leased > 0 ? `base ${amount(base)} + ${amount(leased)} lent${until}` : "the base"],
    ["ceiling", ceiling >= UNLIMITED_AMOUNT ? "none" : amount(ceiling), "the most it may get now"],
  ];
  if (at !== undefined) return rows;
  return [
    ["demand", amount(demand), `in the tick until ${clockIn(zone, allocation.at)}`],
    ...rows,
    ["buffer", amount(bufferInReach), `in reach on ${allocation.host}, shared with others`],
    ["headroom", amount(headroom), "allocation + buffer - demand"],
  ];
}

const LIKELY = 0.5;

function forecastRows({ forecast }: Findings, { resource }: ResourceFindings): Row[] {
  if (forecast === null) return [];
  const { nextTick, halfHourPeak, basis } = forecast.resources[resource];
  const row = (label: string, quantiles: readonly number[] | null): Row[] => {
    if (quantiles === null) return [];
    const at = (level: number) => formatAmount(resource, quantiles[forecast.levels.indexOf(level)] ?? 0);
    return [[label, at(LIKELY), `likely; ${at(0.9)} in 9 of 10, ${at(NEARLY_SURE)} in 99 of 100`]];
  };
  return [...row("next tick", nextTick), ...row("peak of 30 min", halfHourPeak), ["forecast", "", basis]];
}

function signed(resource: Resource, amount: number): string {
  return amount < 0 ? `-${formatAmount(resource, -amount)}` : formatAmount(resource, amount);
}
