// What a forecast is made of, as a table: members and what each is made of, calibration, profile; and what events ahead do.
import { styleText } from "node:util";
import type { ForecastPart, MemberPart } from "../model/forecast-parts.ts";
import type { EventAhead, ForecastWindow } from "../model/forecast-report.ts";
import { unreachable } from "../model/result.ts";
import { aheadOf, busiestOf, momentOf, placesOf, SHOWN_LEVELS, spanOf } from "./ahead.ts";
import { type AmountScale, amountScale } from "./amount-scale.ts";
import type { Drawing, Pictured } from "./forecast-picture.ts";
import { shownOn, wrapped } from "./terminal.ts";

/** The windows that people look at first: the next tick, the half hour, the busiest one later. */
export function partLines({ series, model }: Pictured, { levels, page }: Drawing): string[] {
  const [, , highest = 0] = placesOf(levels);
  const { next, halfHour, later } = aheadOf(model);
  const busiest = busiestOf(later, highest);
  const looks: Look[] = [
    { title: `next ${spanOf(series.stepSeconds)}`, window: next },
    { title: "30 min peak", window: halfHour },
    { title: busiest ? momentOf(busiest, series.stepSeconds) : "", window: busiest },
  ].flatMap(({ title, window }) => (window ? [{ title, place: model.windows.indexOf(window), window }] : []));
  const largest = Math.max(0, ...looks.map(({ window }) => window.quantiles?.[highest] ?? 0));
  const scale = amountScale(series.resource, largest);
  const cells = { looks, scale, levels: placesOf(levels) };
  const share = series.ground.profileShare;
  const profile: PartRow[] = share > 0 ? [{ name: "profile, of all", cells: looks.map(() => percent(share)) }] : [];
  const rows = [...profile, ...rowsOf(model.parts ?? [], { ...cells, depth: 0 })];
  const events = eventTexts(series.eventsAhead ?? []).flatMap((text) =>
    wrapped(shownOn(page, text), page.columns - 2).map((line, index) => `${index === 0 ? "" : "  "}${line}`),
  );
  const bold = (line: string) => (page.isRich ? styleText("bold", line, { validateStream: false }) : line);
  const table =
    rows.length === 0
      ? []
      : [...tableLines(rows, { ...cells, bold }), ...wrapped(footnoteOf(model.parts ?? []), page.columns)];
  const told = events.length === 0 ? [] : [bold("Events ahead, and what such events did to this series"), ...events];
  const lines = [...table, ...(table.length > 0 && told.length > 0 ? [""] : []), ...told];
  return lines.length > 0 ? lines : [`The model ${model.model} does not say more of what its forecast is made of.`];
}

const NOTES: Readonly<Record<ForecastPart["kind"], string>> = {
  member: "Percentages: how much each counts.",
  component: "Amounts: what is expected in the busiest tick of the window, part by part.",
  calibration: "Calibration: what is added to each level.",
};

function footnoteOf(parts: readonly ForecastPart[]): string {
  const kinds = kindsIn(parts);
  return Object.entries(NOTES)
    .flatMap(([kind, note]) => (kinds.includes(kind) ? [note] : []))
    .join(" ");
}

function kindsIn(parts: readonly ForecastPart[]): string[] {
  return parts.flatMap((part) => [part.kind, ...(part.kind === "member" ? kindsIn(part.parts) : [])]);
}

interface Look {
  readonly title: string;
  /** Among all windows. */
  readonly place: number;
  readonly window: ForecastWindow;
}

interface Cells {
  readonly looks: readonly Look[];
  readonly scale: AmountScale;
  readonly levels: readonly number[];
}

interface PartRow {
  readonly name: string;
  readonly cells: readonly string[];
}

const LOOK_WIDTH = 13;

function tableLines(rows: readonly PartRow[], { looks, scale, bold }: Cells & { bold: (line: string) => string }) {
  const title = `What it is made of${scale.unit === "" ? "" : `, in ${scale.unit}`}`;
  const width = Math.max(title.length, ...rows.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(width)}${cells.map((cell) => cell.padStart(LOOK_WIDTH)).join("")}`.trimEnd();
  return [
    bold(
      line(
        title,
        looks.map((look) => look.title),
      ),
    ),
    ...rows.map(({ name, cells }) => line(name, cells)),
  ];
}

const SHARE_MIN = 0.01;

type Depth = Cells & { readonly depth: number };

/** Members by how much they count in the first window that is looked at. */
function rowsOf(parts: readonly ForecastPart[], given: Depth): PartRow[] {
  const place = given.looks[0]?.place ?? 0;
  const shareOf = (part: ForecastPart) => (part.kind === "member" ? (part.shares[place] ?? 0) : -1);
  return parts.toSorted((left, right) => shareOf(right) - shareOf(left)).flatMap((part) => rowsOfPart(part, given));
}

function rowsOfPart(part: ForecastPart, given: Depth): PartRow[] {
  const { looks, scale, levels, depth } = given;
  const row = (name: string, cell: (place: number) => string): PartRow => {
    return { name: `${"  ".repeat(depth)}${name}`, cells: looks.map(({ place }) => cell(place)) };
  };
  switch (part.kind) {
    case "member": {
      const inside = () => rowsOf(part.parts, { ...given, depth: depth + 1 });
      return isHeard(part, looks) ? [row(part.name, (place) => percent(part.shares[place] ?? 0)), ...inside()] : [];
    }
    case "component":
      return [row(part.name, (place) => amountText(part.amounts[place] ?? 0, part.role !== "level", scale))];
    case "calibration":
      return levels.map((level, at) =>
        row(`calibration, ${(SHOWN_LEVELS[at] ?? 0) * 100}%`, (place) =>
          amountText(part.amounts[place]?.[level] ?? 0, true, scale),
        ),
      );
    default:
      return unreachable(part);
  }
}

function isHeard({ shares }: MemberPart, looks: readonly Look[]): boolean {
  return looks.some(({ place }) => (shares[place] ?? 0) >= SHARE_MIN);
}

function amountText(amount: number, isChange: boolean, { format }: AmountScale): string {
  const text = format(amount);
  return isChange && amount >= 0 ? `+${text}` : text;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Those of which the same is to be said are told together. */
function eventTexts(events: readonly EventAhead[]): string[] {
  const alike = new Map<string, string[]>();
  for (const { name, start, end, effect } of events) {
    const sentence = `${name}: ${effect}`;
    alike.set(sentence, [...(alike.get(sentence) ?? []), timesOf(start, end)]);
  }
  return [...alike].map(([sentence, times]) => `${times.join(", ")}, ${sentence}`);
}

/** "2026-03-20 12:00 to 15:00" */
function timesOf(start: string, end: string): string {
  const [from, to] = [start, end].map((at) => at.slice(0, 16).replace("T", " "));
  return `${from} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11, 16) : to}`;
}
