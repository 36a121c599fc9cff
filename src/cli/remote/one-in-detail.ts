// One customer, VM or host and all that is known of it: what it may use, what comes, and what was decided last.
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { formatAmount } from "../../model/format-amount.ts";
import { RESOURCES } from "../../model/resources.ts";
import { clockIn, minuteIn, momentIn, zoneNote } from "../local-time.ts";
import { shownOn, wrapped } from "../terminal.ts";
import { styled, tableLines } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { type AnswerOf, type askCustomer, type askHost, type askVm, usageOfHost } from "./fleet-questions.ts";
import { RESOURCE_NAMES, resourceLines } from "./resource-table.ts";

type OfCustomer = AnswerOf<typeof askCustomer>;
type OfVm = AnswerOf<typeof askVm>;
type OfHost = AnswerOf<typeof askHost>;
type Allocation = NonNullable<OfVm["allocation"] | OfCustomer["allocation"]>;
type Forecast = NonNullable<OfVm["forecast"] | OfCustomer["forecast"]>;

export function customerLines(answer: OfCustomer, page: LocalPage): string[] {
  const { customer, contract, workloads, allocation, forecast, decisions } = answer;
  const named = workloads.map((each) => `${each.id} (${each.class})`).join(", ");
  return [
    styled(shownOn(page, `${customer.id}: ${customer.name}`), "bold", page),
    ...told(contractSentence(contract), page),
    ...told(named === "" ? "No workloads." : `Workloads: ${named}.`, page),
    ...(allocation ? ["", ...allocationLines({ allocation }, page)] : notSeen(page)),
    ...(forecast ? ["", ...forecastLines(forecast, page)] : []),
    ...decisionLines(decisions, page),
  ];
}

export function vmLines({ vm, terms, allocation, forecast, decisions }: OfVm, page: LocalPage): string[] {
  const optedIn = RESOURCES.filter((resource) => terms.resources[resource].optedIn);
  const ceilings = RESOURCES.map((resource) => terms.resources[resource].ceiling);
  return [
    styled(shownOn(page, vm.id), "bold", page),
    ...told(`Of ${terms.customer}, workload ${vm.workload}, on ${vm.host}.`, page),
    ...told(contractSentence({ plan: terms.plan, optedIn }), page),
    ...(allocation ? ["", ...allocationLines({ allocation, ceilings }, page)] : notSeen(page)),
    ...(forecast ? ["", ...forecastLines(forecast, page)] : []),
    ...decisionLines(decisions, page),
  ];
}

export function hostLines({ host, state, at, decisions }: OfHost, page: LocalPage): string[] {
  const lead = styled(shownOn(page, host.id), "bold", page);
  const where = told(`Cell ${host.cell}, pool ${host.pool}${state ? `, ${state.vms} VMs` : ""}.`, page);
  if (state === null) return [lead, ...where, ...notSeen(page), ...decisionLines(decisions, page)];
  const rows = RESOURCES.map((resource) => {
    const { base, leased, buffer } = state.totals;
    const capacity = host.capacity[resource];
    const free = capacity - base[resource] - leased[resource] - buffer[resource];
    const { demand } = usageOfHost(state)[resource];
    return { resource, amounts: [demand, base[resource], leased[resource], buffer[resource], free, capacity] };
  });
  const shadows = state.shadowVms.map(
    ({ id, state: its, holds }) => `${id} (${its}, ${formatAmount("cpu", holds.cpu)})`,
  );
  return [
    lead,
    ...where,
    "",
    ...(at === null ? [] : [styled(`As of ${momentIn(page.zone, at)}:`, "dim", page)]),
    ...resourceLines({ heads: ["demand", "base", "lent", "buffer", "free", "capacity"], rows }, page),
    ...(shadows.length > 0 ? ["", ...told(`Shadow VMs: ${shadows.join(", ")}.`, page)] : []),
    ...decisionLines(decisions, page),
  ];
}

function contractSentence({ plan, optedIn }: { plan: string; optedIn: readonly string[] }): string {
  return optedIn.length === 0
    ? "Opted out: everything stays at its base."
    : `Opted in for ${optedIn.join(", ")} with plan ${plan}.`;
}

export function allocationLines(
  { allocation, ceilings }: { allocation: Allocation; ceilings?: readonly number[] },
  page: LocalPage,
): string[] {
  const heads = ["demand", "base", "lent", "allocation", "buffer", "headroom", ...(ceilings ? ["ceiling"] : [])];
  const rows = RESOURCES.map((resource, at) => {
    const { demand, base, leased, allocation: whole, bufferInReach, headroom } = allocation.resources[resource];
    const ceiling = ceilings ? [ceilings[at] ?? 0] : [];
    return { resource, amounts: [demand, base, leased, whole, bufferInReach, headroom, ...ceiling] };
  });
  return [
    styled(`As of ${momentIn(page.zone, allocation.at)}; the buffer in reach is shared with others:`, "dim", page),
    ...resourceLines({ heads, rows }, page),
    ...leaseLines(allocation.leases, page),
  ];
}

const LEASES_SHOWN = 6;

function leaseLines(leases: Allocation["leases"], page: LocalPage): string[] {
  if (leases.length === 0) return [];
  const shown = leases
    .slice(0, LEASES_SHOWN)
    .map(
      ({ vm, resource, amount, state, expiresAt }) =>
        `  ${vm}: ${formatAmount(resource, amount)} of ${RESOURCE_NAMES[resource]}, ${state}, until ${clockIn(page.zone, expiresAt)}`,
    );
  const others = leases.length - LEASES_SHOWN;
  return [
    "",
    styled("Lent:", "dim", page),
    ...shown.map((line) => shownIndented(page, line)),
    ...(others > 0 ? [`  and ${others} more`] : []),
  ];
}

/** Likely, 9 of 10, 99 of 100. */
const LEVELS = [0.5, 0.9, 0.99] as const;

function forecastLines({ resources, levels }: Forecast, page: LocalPage): string[] {
  const places = LEVELS.map((level) => levels.indexOf(level));
  const shown = (row: readonly number[] | null | undefined) => places.map((place) => row?.[place] ?? null);
  const rows = RESOURCES.map((resource) => {
    const { halfHourPeak, hourlyPeaks } = resources[resource];
    const busiest = hourlyPeaks?.reduce((most, row) => (top(row) > top(most) ? row : most));
    return { resource, amounts: [...shown(halfHourPeak), ...shown(busiest)] };
  });
  const heads = [...LEVELS, ...LEVELS].map((level) => `${100 * level} %`);
  const groups = [
    { head: "", columns: 1 },
    { head: "next 30 min", columns: LEVELS.length },
    { head: "busiest hour of 24", columns: LEVELS.length },
  ];
  return [
    styled("Forecast of the peak; it stays below with this probability:", "dim", page),
    ...resourceLines({ heads, rows, groups }, page),
    ...told(`CPU from: ${resources.cpu.basis}`, page),
  ];
}

function top(row: readonly number[]): number {
  return row[QUANTILE_LEVELS.indexOf(0.5)] ?? 0;
}

interface ToldDecision {
  readonly at: string;
  readonly sentence: string;
  readonly reason: string;
}

const TIME_COLUMNS = 18;

export function decisionLines(decisions: readonly ToldDecision[], page: LocalPage): string[] {
  const [newest] = decisions;
  if (newest === undefined) return [];
  const lines = decisions.flatMap(({ at, sentence, reason }) => {
    const [first = "", ...rest] = wrapped(shownOn(page, `${sentence} ${reason}`), page.columns - TIME_COLUMNS);
    return [`${minuteIn(page.zone, at)}  ${first}`, ...rest.map((line) => `${" ".repeat(TIME_COLUMNS)}${line}`)];
  });
  return ["", styled(`Decided last. ${zoneNote(page.zone, newest.at)}`, "dim", page), ...lines];
}

/** One line each, without the reason. */
export function shortDecisionLines(decisions: readonly ToldDecision[], page: LocalPage): string[] {
  if (decisions.length === 0) return [];
  const columns = [
    { head: "Decided last", isText: true, isWhole: true },
    { head: "", isText: true },
  ] as const;
  return [
    "",
    ...tableLines({ columns, rows: decisions.map((each) => [clockIn(page.zone, each.at), each.sentence]) }, page),
  ];
}

function notSeen(page: LocalPage): string[] {
  return ["", ...told("No tick has seen it yet: amounts come with the first one that does.", page)];
}

export function told(sentence: string, page: LocalPage): string[] {
  return wrapped(shownOn(page, sentence), page.columns);
}

function shownIndented(page: LocalPage, line: string): string {
  return `  ${shownOn(page, line.trimStart())}`;
}
