// Events out of one CSV file: what, from when to when, and when it was known.
import { EVENT_KINDS, type EventKind, type ExternalEvent, externalEvent } from "../../model/event.ts";
import { type Result, success } from "../../model/result.ts";
import { DAY_MS, instant } from "../../model/time.ts";
import { amountOf, EXPECTED_TIME, timeMs } from "../trace-files/field-values.ts";
import { badInput, type RowProblem, shown } from "../trace-files/problems.ts";
import { readRows } from "../trace-files/rows.ts";
import { headerOf } from "./header.ts";

const EVENTS_MAX = 100_000;
const UPLIFT_MAX = 1_000;
const WINDOW_DAYS_MAX = 366;

/** Any of these may head a column; other columns are not read. */
const COLUMN_NAMES = {
  start: ["start", "start_utc"],
  end: ["end", "end_utc"],
  day: ["ds", "date"],
  daysBefore: ["lower_window_days", "lower_window"],
  daysAfter: ["upper_window_days", "upper_window"],
  name: ["event", "name", "holiday"],
  kind: ["kind"],
  announced: ["announced"],
  uplift: ["uplift"],
} as const;

type Column = keyof typeof COLUMN_NAMES;
type Columns = { readonly [Name in Column]?: number };

/**
 * Columns in any order: `start,end` (times, the end excluded), or `ds` (a day) with `lower_window_days` <= 0 and
 * `upper_window_days` >= 0 as Prophet has them; `event` or `name`; and where known `kind` (campaign where left out),
 * `announced` (always known where left out) and `uplift` (what demand is expected to be multiplied with).
 * Fails with "not-found", or with "bad-input" naming file, line and column.
 */
export async function readEventsFile(file: string): Promise<Result<readonly ExternalEvent[]>> {
  const header = await headerOf(file);
  if (!header.ok) return header;
  const columns = columnsOf(header.value);
  const hasTimes = columns.day !== undefined || (columns.start !== undefined && columns.end !== undefined);
  if (!hasTimes || columns.name === undefined)
    return badInput(
      `${file}, line 1: expected columns "start,end,event" or "ds,event", got ${shown(`${header.value}`)}`,
    );
  const events: ExternalEvent[] = [];
  const take = (fields: readonly string[]): RowProblem | undefined => {
    const event = eventOf({ fields, columns, id: `${file}#${events.length + 1}` });
    if (!("id" in event)) return event;
    events.push(event);
    return undefined;
  };
  const layout = { columns: header.value, delimiter: ",", quotes: true, rowsMax: EVENTS_MAX };
  const counts = await readRows({ file, lenient: false, layout, take });
  return counts.ok ? success(events) : counts;
}

function columnsOf(header: readonly string[]): Columns {
  const lower = header.map((name) => name.toLowerCase());
  const found = Object.entries(COLUMN_NAMES).map(([column, names]) => [
    column,
    lower.findIndex((name) => (names as readonly string[]).includes(name)),
  ]);
  return Object.fromEntries(found.filter(([, at]) => (at as number) >= 0));
}

interface EventRow {
  readonly fields: readonly string[];
  readonly columns: Columns;
  readonly id: string;
}

function eventOf(row: EventRow): ExternalEvent | RowProblem {
  const span = row.columns.day === undefined ? spanOfTimes(row) : spanOfDays(row);
  if (!("startMs" in span)) return span;
  const name = fieldOf(row, "name");
  if (name === "") return wrong(row, "name", "what the event is called");
  const kind = kindOf(fieldOf(row, "kind"));
  if (kind === undefined) return wrong(row, "kind", `one of ${EVENT_KINDS.join(", ")}`);
  const announced = fieldOf(row, "announced") === "" ? 0 : timeMs(fieldOf(row, "announced"));
  if (Number.isNaN(announced)) return wrong(row, "announced", EXPECTED_TIME);
  const uplift = fieldOf(row, "uplift") === "" ? undefined : amountOf(fieldOf(row, "uplift"));
  if (uplift !== undefined && !(uplift > 0 && uplift <= UPLIFT_MAX))
    return wrong(row, "uplift", `a factor above 0 and up to ${UPLIFT_MAX}`);
  return externalEvent({
    id: row.id,
    kind,
    name,
    start: instant(span.startMs),
    end: instant(span.endMs),
    announced: instant(announced),
    ...(uplift === undefined ? {} : { declaredUplift: uplift }),
  });
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

function spanOfTimes(row: EventRow): Span | RowProblem {
  const [startMs, endMs] = [timeMs(fieldOf(row, "start")), timeMs(fieldOf(row, "end"))];
  if (Number.isNaN(startMs)) return wrong(row, "start", EXPECTED_TIME);
  if (!(endMs > startMs)) return wrong(row, "end", "a time after the start");
  return { startMs, endMs };
}

function spanOfDays(row: EventRow): Span | RowProblem {
  const dayMs = timeMs(fieldOf(row, "day"));
  if (Number.isNaN(dayMs)) return wrong(row, "day", EXPECTED_TIME);
  const before = daysOf(fieldOf(row, "daysBefore").replace(/^-/, ""));
  if (before === undefined) return wrong(row, "daysBefore", `whole days from -${WINDOW_DAYS_MAX} to 0`);
  const after = daysOf(fieldOf(row, "daysAfter"));
  if (after === undefined) return wrong(row, "daysAfter", `whole days from 0 to ${WINDOW_DAYS_MAX}`);
  return { startMs: dayMs - before * DAY_MS, endMs: dayMs + (after + 1) * DAY_MS };
}

function daysOf(text: string): number | undefined {
  const days = text === "" ? 0 : amountOf(text);
  return Number.isInteger(days) && days <= WINDOW_DAYS_MAX ? days : undefined;
}

function kindOf(text: string): EventKind | undefined {
  return text === "" ? "campaign" : EVENT_KINDS.find((kind) => kind === text.toLowerCase());
}

function fieldOf({ fields, columns }: EventRow, column: Column): string {
  const at = columns[column];
  return at === undefined ? "" : (fields[at] ?? "");
}

function wrong(row: EventRow, column: Column, expected: string): RowProblem {
  return { column: (row.columns[column] ?? 0) + 1, expected, got: shown(fieldOf(row, column)) };
}
