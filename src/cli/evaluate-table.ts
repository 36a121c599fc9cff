// An evaluation in a terminal: for each horizon a table of models, the best first. Complete at 80 columns, with more
// quantiles where there is room; plain ASCII where nobody looks at a screen.
import { styleText } from "node:util";
import type { ModelSkill, SkillFigures, SkillReport, SkillRun, TargetSkill } from "../model/skill-report.ts";
import { type Screen, shownOn, wrapped } from "./terminal.ts";

type Page = Pick<Screen, "columns" | "isRich">;

const COLUMNS_MAX = 140;

/** Lines to print, each at most `columns` wide. */
export function evaluateLines(report: SkillReport, screen: Page): string[] {
  const page = { ...screen, columns: Math.min(screen.columns, COLUMNS_MAX) };
  const text = (sentence: string) => wrapped(shownOn(page, sentence), page.columns);
  const names = report.series.map(({ name }) => name.split("/").at(-1) ?? name);
  const shown = names.slice(0, NAMES_MAX).join(", ");
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : "";
  const origins = [...new Set(report.series.map((series) => series.origins.length))].join(" or ");
  const events = report.events > 0 ? `, ${report.events} events` : "";
  return [
    ...text(`How well ${shown}${more} can be forecast: ${origins} forecasts a series${events}.`).map((line) =>
      styled(line, ["bold"], page),
    ),
    ...report.targets.flatMap((target) => ["", ...targetTable(target, { report, page })]),
    "",
    ...text(footnoteOf(report)),
  ];
}

const NAMES_MAX = 3;

function footnoteOf({ reference, events, targets }: SkillReport): string {
  const silent = targets.some(({ models }) => models.some(({ runs }) => runs.some(({ all }) => all.silent > 0)));
  return [
    `WQL: loss of all quantiles for each unit that came, 0 is perfect. rel: WQL against ${reference} without events,`,
    "below 1 is better. MASE: error of the median against that of one season ago. Below: share of values at or",
    "below the quantile; right when it equals the head of its column.",
    ...(events > 0 ? ["Event, other: WQL where an event was, and where none was."] : []),
    ...(silent ? ["* said nothing about some windows, for want of history; they are left out of its figures."] : []),
  ].join(" ");
}

interface Row {
  readonly name: string;
  readonly run: SkillRun;
  readonly isBest: boolean;
}

/** A column of numbers with a head of two lines. The lower its rank, the longer it is kept where room is short. */
interface Column {
  readonly rank: number;
  readonly head: readonly [string, string];
  readonly cell: (run: SkillRun) => string;
}

function targetTable(target: TargetSkill, { report, page }: { report: SkillReport; page: Page }): string[] {
  const rows = rowsOf(target.models);
  const nameWidth = Math.max(...rows.map(({ name }) => name.length), "model".length);
  const columns = fitting(columnsOf(target, report), page.columns - nameWidth);
  const line = (left: string, cells: readonly string[]) =>
    `${left.padEnd(nameWidth)}${cells.map((cell, index) => cell.padStart(widthOf(columns[index]))).join("")}`.trimEnd();
  const windows = target.models[0]?.runs[0]?.all.windows ?? 0;
  const upper = columns.map(({ head }) => head[0]);
  const saidOnce = upper.map((head, index) => (head === COVERED && upper.indexOf(COVERED) < index ? "" : head));
  return [
    styled(`${capital(target.title)} (${windows} in all)`, ["bold"], page),
    line("", saidOnce),
    line(
      "model",
      columns.map(({ head }) => head[1]),
    ),
    ...rows.map(({ name, run, isBest }) => {
      const text = line(
        name,
        columns.map(({ cell }) => cell(run)),
      );
      return isBest ? styled(text, ["bold", "cyan"], page) : text;
    }),
  ];
}

/** Stands below the same model without them. */
const WITH_EVENTS = "  with events";

/** Models by their better run, the best first; what cannot be compared last. */
function rowsOf(models: readonly ModelSkill[]): Row[] {
  const lossOf = ({ all }: SkillRun) => all.relative ?? all.wql ?? Number.POSITIVE_INFINITY;
  const bestOf = ({ runs }: ModelSkill) => Math.min(...runs.map(lossOf));
  const least = Math.min(...models.map(bestOf));
  return models
    .toSorted((left, right) => bestOf(left) - bestOf(right) || 0)
    .flatMap(({ model, runs }) =>
      runs.map((run) => ({
        name: run.events === "with" ? WITH_EVENTS : model,
        run,
        isBest: lossOf(run) === least,
      })),
    );
}

function columnsOf({ models }: TargetSkill, { events }: SkillReport): Column[] {
  const levels = models[0]?.runs[0]?.all.coverage.map(({ level }) => level) ?? [];
  const mark = ({ silent }: SkillFigures) => (silent > 0 ? "*" : "");
  const parts: Column[] = [
    { rank: 1, head: ["event", "WQL"], cell: ({ event }) => number(event?.wql, 3) },
    { rank: 1, head: ["other", "WQL"], cell: ({ other }) => number(other?.wql, 3) },
  ];
  return [
    { rank: 0, head: ["", "WQL"], cell: ({ all }) => number(all.wql, 3) + mark(all) },
    { rank: 0, head: ["", "rel"], cell: ({ all }) => number(all.relative, 2) },
    { rank: 2, head: ["", "MASE"], cell: ({ all }) => number(all.mase, 2) },
    ...(events > 0 ? parts : []),
    ...levels.map((level, index) => ({
      rank: 3 + LEVELS_FIRST.indexOf(level) + (LEVELS_FIRST.includes(level) ? 0 : LEVELS_FIRST.length + 1),
      head: [COVERED, share(level)] as const,
      cell: ({ all }: SkillRun) => percent(all.coverage[index]?.observed),
    })),
  ];
}

/** Said once, above the first of its columns. */
const COVERED = "below";
const LEVELS_FIRST: readonly number[] = [0.9, 0.5, 0.99, 0.95, 0.1, 0.8];

function fitting(columns: readonly Column[], room: number): Column[] {
  const kept = new Set<Column>();
  let used = 0;
  for (const column of columns.toSorted((left, right) => left.rank - right.rank)) {
    used += widthOf(column);
    if (used > room) break;
    kept.add(column);
  }
  return columns.filter((column) => kept.has(column));
}

const COLUMN_WIDTH = 7;

function widthOf(column: Column | undefined): number {
  return Math.max(COLUMN_WIDTH, ...(column?.head.map((line) => line.length + 1) ?? []));
}

function number(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return "-";
  return value < 100 ? value.toFixed(digits) : value.toPrecision(3);
}

/** "97.5%", and "90%" without a point. */
function share(level: number): string {
  return `${Number((level * 100).toFixed(1))}%`;
}

function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? "-" : `${(value * 100).toFixed(1)}%`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function styled(line: string, styles: ("bold" | "cyan")[], { isRich }: Page): string {
  // The screen is known to be rich: not for styleText to find out.
  return isRich ? styleText(styles, line, { validateStream: false }) : line;
}
