// Sources of events in words and tables: how the reading goes, what came in, and what it became.
import type { Static } from "typebox";
import type { Event } from "../../api/contract/events.ts";
import type { Source, SourceReading } from "../../api/contract/sources.ts";
import { minuteIn, momentIn, zoneNote } from "../local-time.ts";
import { styled, tableLines } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { told } from "./one-in-detail.ts";

type Shown = Static<typeof Source>;
type Reading = Static<typeof SourceReading>;

export function sourcesLines(sources: readonly Shown[], page: LocalPage): string[] {
  if (sources.length === 0) return told("No events are read from anywhere: headroom sources add adds a source.", page);
  const columns = [
    { head: "id", isText: true, isWhole: true },
    { head: "name", isText: true },
    { head: "kind", isText: true, isWhole: true },
    { head: "for", isText: true },
    { head: "where", isText: true },
  ] as const;
  const rows = sources.map(({ id, name, form, customers = [], muted }) => [
    id,
    name,
    muted ? `${form.kind} (muted)` : form.kind,
    customers.length > 1 ? `${customers.length} customers` : (customers[0] ?? "all"),
    whereOf(form),
  ]);
  return tableLines({ columns, rows }, page);
}

function whereOf(form: Shown["form"]): string {
  if (form.kind === "holidays") return form.place;
  if (form.kind === "season") return `${form.start.slice(5, 10)} to ${form.end.slice(5, 10)}`;
  if (form.kind === "hook") return "calls";
  return form.url ?? "sent in";
}

export interface WholeSource {
  readonly source: Shown;
  readonly reading: Reading;
  readonly events: number;
  readonly coming: number;
  /** The next ones first. */
  readonly next: readonly Static<typeof Event>[];
}

export function sourceLines({ source, reading, events, coming, next }: WholeSource, page: LocalPage): string[] {
  const muted = source.muted ? " It is muted: its events count no more." : "";
  const counted =
    events === 0
      ? "It said nothing yet."
      : `It said ${events} ${events === 1 ? "event" : "events"}, ${coming} of them now or to come.`;
  return [
    styled(`${source.id}: ${source.name}`, "bold", page),
    ...told(`A ${source.form.kind}, ${whereOf(source.form)}. ${counted}${muted}`, page),
    ...readingLines(reading, page),
    ...(next.length > 0 ? ["", ...eventLines(next, page)] : []),
    ...(reading.ignored.length > 0 ? ["", ...ignoredLines(reading.ignored, page)] : []),
  ];
}

export function readingLines({ changedAt, nextAt, failed, failures, problems }: Reading, page: LocalPage): string[] {
  const since = changedAt === null ? "Not read yet." : `What it says changed last ${momentIn(page.zone, changedAt)}.`;
  const next = nextAt === null ? "" : ` It is read next ${momentIn(page.zone, nextAt)}.`;
  const fault = failed ? ` It could not be read${failures > 1 ? `, ${failures} times in a row` : ""}:` : "";
  const faults = problems.flatMap((problem) => told(`- ${problem}`, page));
  return [...told(`${since}${next}${fault}`, page), ...faults];
}

function eventLines(events: WholeSource["next"], page: LocalPage): string[] {
  const isWide = page.columns >= WIDE_COLUMNS;
  const heads = ["from", ...(isWide ? ["kind", "sure"] : [])];
  const columns = [
    { head: "event", isText: true, isWhole: true },
    ...heads.map((head) => ({ head, isText: true as const, isWhole: true as const })),
    { head: "what it said", isText: true },
  ] as const;
  const rows = events.map(({ id, kind, start, confidence, source, name }) => {
    const what = [source?.muted ? `${kind} (muted)` : kind, confidence === undefined ? "-" : percent(confidence)];
    return [id, minuteIn(page.zone, start), ...(isWide ? what : []), source?.said ?? name];
  });
  const more = isWide ? "" : " A wider terminal also shows what it is and how sure that is.";
  const note = `${zoneNote(page.zone, events[0]?.start ?? 0)}${more} headroom events show ID tells what it does to whom.`;
  return [...tableLines({ columns, rows }, page), "", ...told(note, page).map((line) => styled(line, "dim", page))];
}

const WIDE_COLUMNS = 112;

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function ignoredLines(ignored: Reading["ignored"], page: LocalPage): string[] {
  const lines = ignored.flatMap(({ said, because }) => told(`- ${said}: ${because}.`, page));
  return [...told("Became nothing (headroom sources teach ID TEXT --as LABEL says better):", page), ...lines];
}
