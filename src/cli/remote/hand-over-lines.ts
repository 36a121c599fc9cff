// Hand-overs for people: a table of all, and one move by move.
import type { HandOver, Template } from "../../api/contract/hand-overs.ts";
import { formatAmount } from "../../model/format-amount.ts";
import { RESOURCES } from "../../model/resources.ts";
import { clockIn, minuteIn, zoneNote } from "../local-time.ts";
import { shownOn } from "../terminal.ts";
import { styled, tableLines } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { told } from "./one-in-detail.ts";
import { RESOURCE_NAMES } from "./resource-table.ts";

const WIDE_COLUMNS = 112;

/** Newest first. */
export function handOversLines(handOvers: readonly HandOver[], page: LocalPage): string[] {
  const [first] = handOvers;
  if (first === undefined) return ["No hand-overs: headroom hand-over ask asks for one."];
  const isWide = page.columns >= WIDE_COLUMNS;
  const heads = ["state", "since", ...(isWide ? ["workload", "replica", "host"] : [])];
  const columns = [
    { head: "id", isText: true, isWhole: true },
    ...heads.map((head) => ({ head, isText: true as const })),
  ] as const;
  const rows = handOvers
    .toSorted((one, other) => Date.parse(other.since) - Date.parse(one.since))
    .map((each) => [
      ...[each.id, stateOf(each), minuteIn(page.zone, each.since)],
      ...(isWide ? [each.workload, addressOf(each), each.host] : []),
    ]);
  const more = isWide ? "" : " A wider terminal also shows workload, replica and host.";
  const waiting = handOvers.filter(({ problem }) => problem !== null);
  return [
    ...tableLines({ columns, rows }, page),
    "",
    ...waiting.slice(0, PROBLEMS_SHOWN).flatMap(({ id, problem }) => told(`${id} waits: ${problem}`, page)),
    ...told(`${zoneNote(page.zone, first.since)}${more}`, page).map((line) => styled(line, "dim", page)),
  ];
}

const PROBLEMS_SHOWN = 5;

export function handOverLines(handOver: HandOver, page: LocalPage): string[] {
  const { id, workload, host, size, image, moves, problem, untold } = handOver;
  const amounts = RESOURCES.map(
    (resource) => `${formatAmount(resource, size[resource])} of ${RESOURCE_NAMES[resource]}`,
  );
  const from = image === null ? "" : `, made from ${image}`;
  return [
    styled(shownOn(page, `${id}: ${stateOf(handOver)}`), "bold", page),
    ...told(`One more replica of ${workload} at ${addressOf(handOver)}, on ${host}${from}.`, page),
    ...told(`It is promised ${amounts.join(", ")}.`, page),
    "",
    ...moves.flatMap(({ at, to, why }) => told(`${clockIn(page.zone, at)}  ${to}: ${why}`, page)),
    ...(untold.length > 0 ? told(`The load balancer did not take in yet: ${untold.join(", ")}.`, page) : []),
    ...(problem === null ? [] : told(`It waits: ${problem}`, page)),
    ...told(nextSentence(handOver), page).map((line) => styled(line, "dim", page)),
  ];
}

function nextSentence({ id, state, returnAsked, ready }: HandOver): string {
  if (state === "returned" || state === "failed") return "It has ended.";
  if (state === "draining") return "Its capacity goes when the time of its work to leave is over.";
  if (returnAsked) return "It is given back with the next tick.";
  if (state === "serving") return `headroom hand-over return ${id} gives it back.`;
  if (state === "announced") return "It serves as soon as the load balancer has taken that in.";
  return ready
    ? "The load balancer is told as soon as it has its size."
    : "The load balancer is told as soon as it has its size and passed its readiness check.";
}

export function templateSentence({ id, image, size, readiness }: Template): string {
  const amounts = size && RESOURCES.map((resource) => formatAmount(resource, size[resource])).join(", ");
  const sized = amounts === undefined ? "the size of a shadow VM" : amounts;
  return `Replicas of ${id} are made from ${image}, get ${sized}, and are ready ${readySentence(readiness)}.`;
}

function readySentence(readiness: Template["readiness"]): string {
  if (readiness === undefined) return "as soon as they have it";
  const { kind, path = "/", successes, intervalSeconds } = readiness;
  const what = kind === "http" ? `GET ${path} is answered with 200 to 399` : "their port takes a connection";
  return `once ${what}, ${successes} times in a row, asked every ${intervalSeconds} s`;
}

function stateOf({ state, returnAsked }: HandOver): string {
  const isGoing = state === "draining" || state === "returned" || state === "failed";
  return returnAsked && !isGoing ? `${state}, asked back` : state;
}

function addressOf({ replica: { host, port } }: HandOver): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
