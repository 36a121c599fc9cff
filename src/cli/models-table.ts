// Trained models as a table, and how it came about that one of them serves. Complete at 80 columns.
import { styleText } from "node:util";
import { type ModelLineage, SEASONAL_NAIVE, type ServingRecord } from "../model/model-lineage.ts";
import { minute } from "./lineage-lines.ts";
import { type Screen, shownOn, wrapped } from "./terminal.ts";

type Page = Pick<Screen, "columns" | "isRich">;

const TRACE_COLUMNS = 16;
const COLUMNS_MAX = 100;

interface Column {
  readonly head: string;
  readonly width: number;
  readonly cell: (lineage: ModelLineage) => string;
  readonly isText?: true;
}

const COLUMNS: readonly Column[] = [
  { head: "model", width: 13, cell: ({ id }) => id, isText: true },
  { head: "made", width: 17, cell: ({ created }) => minute(created), isText: true },
  { head: "learned from", width: TRACE_COLUMNS + 1, cell: ({ data }) => clipped(data.trace), isText: true },
  { head: "until", width: 10, cell: ({ data }) => data.to.slice(0, 10), isText: true },
  { head: "vs naive", width: 10, cell: (lineage) => difference(lineage, "seasonalNaive") },
  { head: "vs serving", width: 11, cell: (lineage) => (isFirst(lineage) ? "first" : difference(lineage, "opponent")) },
];

export function modelLines(given: { record: ServingRecord; models: readonly ModelLineage[]; screen: Page }): string[] {
  const { record, models, screen } = given;
  if (models.length === 0) return ["There are no models here yet: headroom train makes one."];
  const row = (cells: readonly string[]) =>
    cells.map((cell, at) =>
      COLUMNS[at]?.isText ? cell.padEnd(COLUMNS[at].width) : cell.padStart(COLUMNS[at]?.width ?? 0),
    );
  const head = `  ${row(COLUMNS.map((column) => column.head)).join("")}`;
  const rows = models.map((lineage) => {
    const isServing = lineage.id === record.serving;
    const cells = COLUMNS.map(({ cell }) => shownOn(screen, cell(lineage)));
    const line = `${isServing ? "*" : " "} ${row(cells).join("")}`;
    return isServing ? styled(line, "bold", screen) : line;
  });
  const lost = record.serving !== null && !models.some(({ id }) => id === record.serving);
  return [styled(head, "dim", screen), ...rows, "", ...wrapped(lost ? lostNote(record) : FOOTNOTE, pageWidth(screen))];
}

const FOOTNOTE =
  "* serves. Loss of its forecasts beside that of the seasonal naive, and beside that of the model that served when it was " +
  "made, on the days on which it was compared: less is better.";

function lostNote({ serving }: ServingRecord): string {
  return `Model ${serving} should serve, but its lineage is not here: promote another one, or roll back.`;
}

const CHANGES_SHOWN = 5;

/** The last changes, newest first. */
export function historyLines({ history }: ServingRecord, screen: Page): string[] {
  if (history.length === 0) return [];
  const shown = history.slice(-CHANGES_SHOWN).reverse();
  const lines = shown.flatMap(({ at, kind, serving, by, reason }) => {
    const what = kind === "promoted" ? `${serving} promoted` : `rolled back to ${serving ?? "none"}`;
    const how = by === "operator" ? "by hand" : "by contest";
    return wrapped(
      shownOn(screen, `${minute(at)} ${what} ${how}. ${by === "operator" ? "" : reason}`),
      pageWidth(screen) - 2,
    ).map((line, index) => (index === 0 ? line : `  ${line}`));
  });
  return ["", styled("What served:", "dim", screen), ...lines];
}

function pageWidth({ columns }: Page): number {
  return Math.min(columns, COLUMNS_MAX);
}

function isFirst({ contest }: ModelLineage): boolean {
  return contest.kind === "fought" && contest.opponent === SEASONAL_NAIVE;
}

function difference({ contest }: ModelLineage, other: "seasonalNaive" | "opponent"): string {
  if (contest.kind !== "fought") return "-";
  const percent = 100 * (contest.losses.challenger / contest.losses[other] - 1);
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
}

function clipped(name: string): string {
  return name.length > TRACE_COLUMNS ? `${name.slice(0, TRACE_COLUMNS - 2)}..` : name;
}

function styled(text: string, style: "bold" | "dim", { isRich }: Page): string {
  return isRich ? styleText(style, text, { validateStream: false }) : text;
}
