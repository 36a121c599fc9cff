// A backtest in a terminal: the first sentence, and for each resource a table of policies with a small bar chart. As
// wide as the terminal, complete at 80 columns; plain ASCII where nobody looks at a screen.
import { styleText } from "node:util";
import type { BacktestSummary, PolicySummary, ResourceSummary } from "./commands.ts";
import { horizontalBar } from "./horizontal-bar.ts";
import { type Screen, shownOn, wrapped } from "./terminal.ts";

type Page = Pick<Screen, "columns" | "isRich">;

const COLUMNS_MAX = 120;
const BAR_MIN = 8;

/** Lines to print, each at most `columns` wide. */
export function backtestLines(summary: BacktestSummary, screen: Page): string[] {
  const page = { ...screen, columns: Math.min(screen.columns, COLUMNS_MAX) };
  const text = (sentence: string) => wrapped(shownOn(page, sentence), page.columns);
  const savings = summary.savings === null ? [] : ["", ...text(summary.savings)];
  const repairs = summary.repairs.length === 0 ? [] : ["", ...text(`In the input: ${summary.repairs.join(" ")}`)];
  return [
    ...text(summary.headline).map((line) => styled(line, ["bold"], page)),
    ...text(summary.conditions),
    ...summary.resources.flatMap((resource) => ["", ...resourceTable({ resource, compared: summary.compared, page })]),
    ...(summary.resources.length === 0 ? [] : ["", ...text(FOOTNOTE)]),
    ...savings,
    ...repairs,
  ];
}

const FOOTNOTE =
  "From the third column on: at the setting nearest to the service level, fixed sizes as they are. Not served, late: " +
  "of demand. Worst VM, VM at p95: of its intervals, in the worst VM and in the one that 95 in 100 are better than.";

/** A column of numbers with a head of two lines. */
interface Column {
  readonly head: readonly [string, string];
  readonly cell: (policy: PolicySummary) => string;
}

function resourceTable(given: { resource: ResourceSummary; compared: readonly string[]; page: Page }): string[] {
  const { resource, compared, page } = given;
  const { policies } = resource;
  const titles = policies.map((policy) => shownOn(page, shortTitle(policy)));
  const nameWidth = Math.max(...titles.map((title) => title.length), resource.title.length);
  const columns = fitting([...needColumns(compared), ...MEASURES], page.columns - nameWidth - 1 - BAR_MIN);
  const widths = columns.map((column) => widthOf(column, policies));
  const row = (cells: readonly string[]) => cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join("");
  const bar = {
    end: barEnd(policies),
    width: Math.max(0, page.columns - nameWidth - 1 - sum(widths)),
    isRich: page.isRich,
  };
  const lines = policies.map((policy, index) => {
    const name = (titles[index] ?? "").padEnd(nameWidth);
    const chart = horizontalBar({ ...bar, value: policy.needs[0] ?? null });
    return styled(`${name} ${chart}${row(columns.map(({ cell }) => cell(policy)))}`, STYLES[policy.role], page);
  });
  const heads = [resource.title, `reserved per ${resource.unit} used, short in`].map((left, line) => {
    const right = row(columns.map(({ head }) => shownOn(page, head[line] ?? "")));
    return joined({ left, right, columns: page.columns });
  });
  return [styled(heads[0] ?? "", ["bold"], page), heads[1] ?? "", ...lines];
}

/** Ours by its name; peers up to the first comma. */
function shortTitle({ title, role }: PolicySummary): string {
  return role === "peer" ? (title.split(",")[0] ?? title) : title;
}

function needColumns(compared: readonly string[]): Column[] {
  return compared.map((share, index) => ({
    head: ["", share.replace(/\s/g, "")],
    cell: ({ needs }) => ratioOrNever(needs[index] ?? null),
  }));
}

/** At the measured setting nearest to the service level; the first are kept longest where room is short. */
const MEASURES: readonly Column[] = [
  { head: ["not", "served"], cell: ({ nearest }) => share(nearest?.unserved) },
  { head: ["served", "late"], cell: ({ nearest }) => share(nearest?.late) },
  { head: ["worst", "VM"], cell: ({ nearest }) => share(nearest?.worst.max) },
  { head: ["VM at", "p95"], cell: ({ nearest }) => share(nearest?.worst.p95) },
  {
    head: ["changes", "a day"],
    cell: ({ nearest }) => (nearest ? nearest.churn.toFixed(nearest.churn < 9.95 ? 1 : 0) : ""),
  },
];

function fitting(columns: readonly Column[], room: number): Column[] {
  const kept: Column[] = [];
  for (const column of columns) {
    const used = sum([...kept, column].map(({ head }) => headWidth(head)));
    if (used <= room) kept.push(column);
  }
  return kept;
}

function headWidth(head: readonly string[]): number {
  return 1 + Math.max(6, ...head.map((line) => line.length));
}

function widthOf({ head, cell }: Column, policies: readonly PolicySummary[]): number {
  return Math.max(headWidth(head), ...policies.map((policy) => cell(policy).length + 1));
}

/** Fixed sizes may be twenty times what is used: they are cut, so that the others can be told apart. */
function barEnd(policies: readonly PolicySummary[]): number {
  const needs = policies.filter(({ role }) => role !== "fixed").flatMap(({ needs: [first] }) => first ?? []);
  return Math.max(1.25, Math.min(Math.max(...needs), 6 * Math.min(...needs)));
}

/** The words at the left give way to the heads of the columns. */
function joined({ left, right, columns }: { left: string; right: string; columns: number }): string {
  const heads = right.trimStart();
  const room = columns - heads.length;
  return left.length < room ? left.padEnd(room) + heads : heads.padStart(columns);
}

type Style = "bold" | "cyan" | "dim";

const STYLES: Readonly<Record<PolicySummary["role"], readonly Style[]>> = {
  ours: ["bold", "cyan"],
  "ours-each": ["cyan"],
  peer: [],
  fixed: ["dim"],
  bound: ["dim"],
};

function styled(line: string, styles: readonly Style[], { isRich }: Page): string {
  const trimmed = line.trimEnd();
  // The screen is known to be rich: not for styleText to find out.
  return isRich && styles.length > 0 ? styleText([...styles], trimmed, { validateStream: false }) : trimmed;
}

function ratioOrNever(value: number | null): string {
  if (value === null) return "never";
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

function share(value: number | undefined): string {
  if (value === undefined) return "";
  if (value > 0 && value < 0.00005) return "<0.01%";
  return value === 0 ? "0%" : `${(value * 100).toFixed(value < 0.09995 ? 2 : 1)}%`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
