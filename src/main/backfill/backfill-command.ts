// `headroom backfill`: months of history out of a server that answers PromQL, into a running service, by the same mapping as metrics
// that are pushed. Killed at any point it goes on from there; what was handed in twice counts once.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { questionsOf } from "../../adapters/prometheus/backfill/promql.ts";
import { createQueryServer, type QueryServer } from "../../adapters/prometheus/backfill/query-server.ts";
import { type HistoryWindow, readHistory } from "../../adapters/prometheus/backfill/read-history.ts";
import { type SurveyedQuestion, survey } from "../../adapters/prometheus/backfill/survey.ts";
import { READY_MAPPING, readMappingFile } from "../../adapters/prometheus/mapping-file.ts";
import { planRules, type RulePlan } from "../../adapters/prometheus/rule-plan.ts";
import type { Watcher } from "../../cli/commands.ts";
import type { BackfillOptions, BackfillOutcome, Connection } from "../../cli/service-commands.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { DAY_MS, instant, iso, SECOND_MS } from "../../model/time.ts";
import { connect } from "../remote/connect.ts";
import { type Cursor, type CursorFile, cursorFile, cursorPath } from "./cursor.ts";
import { type HandedIn, handIn } from "./hand-in.ts";
import { knownVms } from "./known-vms.ts";

const RATE_WINDOW_SECONDS_MIN = 60;
const UNKNOWN_TOLD = 100;

export async function backfill(options: BackfillOptions, watcher: Watcher): Promise<Result<BackfillOutcome>> {
  const begun = performance.now();
  const prepared = await prepare(options);
  if (!prepared.ok) return prepared;
  const { server, plan, connection, cursor } = prepared.value;
  const windowSeconds = options.windowSeconds ?? Math.max(options.stepSeconds, RATE_WINDOW_SECONDS_MIN);
  const questions = questionsOf(plan, windowSeconds * SECOND_MS);
  watcher.progress({ doing: "Looking at what is there", done: 0, total: 1 });
  const found = await survey(server, plan, { questions, from: cursor.next, to: cursor.to });
  if (!found.ok) return found;
  const known = await knownVms(connection.client);
  const read = options.isDryRun
    ? success(NOTHING_READ)
    : await readAll({ ...prepared.value, options, found: found.value, watcher });
  if (!read.ok) return read;
  const { unknown, ...counts } = read.value;
  const told = {
    metrics: found.value.map((each) => metricOf(each, plan)),
    ...strangersIn(found.value, known, unknown),
  };
  const { questions: asked, again: askedAgain, bytes: answerBytes } = server.counts;
  const seconds = (performance.now() - begun) / SECOND_MS;
  return success({
    ...headOf(options, prepared.value),
    ...told,
    ...counts,
    questions: asked,
    askedAgain,
    answerBytes,
    seconds,
  });
}

interface Prepared {
  readonly server: QueryServer;
  readonly plan: RulePlan;
  readonly connection: Connection;
  readonly cursor: Cursor;
  readonly file: CursorFile;
  readonly isResumed: boolean;
}

async function prepare(options: BackfillOptions): Promise<Result<Prepared>> {
  const mapping = options.mapping === undefined ? success(READY_MAPPING) : readMappingFile(options.mapping);
  if (!mapping.ok) return mapping;
  const connection = connect(options);
  if (!connection.ok) return connection;
  const headers = headersOf(options.headers);
  if (!headers.ok) return headers;
  const url = new URL(options.from);
  const server = createQueryServer({ url, headers: headers.value, questionsPerSecond: options.rate });
  const file = cursorFile(options.cursor ?? cursorPath(askedOf(options, connection.value), process.env));
  const before = options.isAnew || options.isDryRun ? undefined : await file.read();
  const cursor = before ?? newCursor(options, Date.now());
  const isResumed = before !== undefined;
  return success({ server, plan: planRules(mapping.value), connection: connection.value, cursor, file, isResumed });
}

function headOf({ from, stepSeconds, isDryRun }: BackfillOptions, { cursor, isResumed }: Prepared) {
  const timeOf = (at: number) => iso(instant(at));
  return {
    schema: "headroom.backfill/1" as const,
    from: addressOf(from),
    ...{ since: timeOf(cursor.from), until: timeOf(cursor.to), stepSeconds, isDryRun },
    resumedAt: isResumed ? timeOf(cursor.next) : null,
  };
}

/** By what the service knows; by what it said of the samples where the key may not look. */
function strangersIn(
  found: readonly SurveyedQuestion[],
  known: ReadonlySet<string> | undefined,
  told: Iterable<string>,
) {
  const vms = new Set(found.flatMap((each) => [...each.vms]));
  const strangers = known === undefined ? [...told] : [...vms].filter((vm) => !known.has(vm));
  return {
    vms: vms.size,
    unknownVms: strangers.sort().slice(0, UNKNOWN_TOLD),
    unknownCount: known === undefined ? null : strangers.length,
  };
}

interface Tally {
  rows: number;
  unknownRows: number;
  readonly unknown: Set<string>;
  absurd: number;
  incomplete: number;
  nameless: number;
}

const NOTHING_READ: Tally = { rows: 0, unknownRows: 0, unknown: new Set(), absurd: 0, incomplete: 0, nameless: 0 };

interface Reading {
  readonly options: BackfillOptions;
  readonly connection: Connection;
  readonly server: QueryServer;
  readonly plan: RulePlan;
  readonly found: readonly SurveyedQuestion[];
  readonly cursor: Cursor;
  readonly file: CursorFile;
  readonly watcher: Watcher;
}

/** A window is kept, then it is written down that it is, then the next one counts. */
async function readAll(reading: Reading): Promise<Result<Tally>> {
  const { options, connection, server, plan, found, cursor, file, watcher } = reading;
  const stepMs = options.stepSeconds * SECOND_MS;
  const questions = found.map(({ question }) => question);
  const tally: Tally = { ...NOTHING_READ, unknown: new Set() };
  if (questions.length === 0) return success(tally);
  const begun = performance.now();
  const asked = { server, plan, questions, from: cursor.next, to: cursor.to, stepMs, atOnce: options.parallel };
  for await (const window of readHistory(asked)) {
    if (!window.ok) return window;
    const handed = await handIn(connection.client, window.value.columns);
    if (!handed.ok) return handed;
    const kept = await file.write({ ...cursor, next: window.value.until + stepMs });
    if (!kept.ok) return kept;
    count(tally, window.value, handed.value);
    const perSecond = Math.round(tally.rows / ((performance.now() - begun) / SECOND_MS));
    watcher.progress({
      doing: "Reading history",
      done: (window.value.until - cursor.from) / stepMs + 1,
      total: (cursor.to - cursor.from) / stepMs + 1,
      detail: `${perSecond} rows/s`,
    });
  }
  await file.remove();
  return success(tally);
}

const UNKNOWN_MAX = 10_000;

function count(tally: Tally, window: HistoryWindow, handed: HandedIn): void {
  tally.rows += handed.rows;
  tally.unknownRows += handed.unknownRows;
  tally.absurd += window.absurd;
  tally.incomplete += window.incomplete;
  tally.nameless += window.nameless;
  for (const vm of handed.unknown) if (tally.unknown.size < UNKNOWN_MAX) tally.unknown.add(vm);
}

function metricOf(
  { question, series, vms }: SurveyedQuestion,
  { rules }: RulePlan,
): BackfillOutcome["metrics"][number] {
  const { source = "", resource = "cpu" } = rules[question.rule]?.rule ?? {};
  return { metric: question.metric, source, resource, part: question.part, series: series ?? null, vms: vms.size };
}

function newCursor({ since, until, stepSeconds }: BackfillOptions, now: number): Cursor {
  const stepMs = stepSeconds * SECOND_MS;
  const to = Math.floor((until ?? now) / stepMs) * stepMs;
  const from = Math.ceil(("at" in since ? since.at : to - since.days * DAY_MS) / stepMs) * stepMs;
  return { from, to, next: from };
}

/** What makes it the same backfill as one before. */
function askedOf({ mapping, ...options }: BackfillOptions, { address }: Connection): unknown {
  const { since, until, stepSeconds, windowSeconds } = options;
  const rules = mapping === undefined ? "" : createHash("sha256").update(readFileSync(mapping)).digest("hex");
  return [addressOf(options.from), address, since, until ?? null, stepSeconds, windowSeconds ?? null, rules];
}

function addressOf(typed: string): string {
  const { origin, pathname } = new URL(typed);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function headersOf(typed: readonly string[]): Result<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const each of typed) {
    const [, name, value] = /^([A-Za-z0-9-]+): *([\x20-\x7e]*)$/.exec(each) ?? [];
    if (name === undefined || value === undefined)
      return failure("bad-input", "A header looks like X-Scope-OrgID: tenant-1.");
    headers[name.toLowerCase()] = value;
  }
  return success(headers);
}
