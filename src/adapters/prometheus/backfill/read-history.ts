// A span of history, read window by window, oldest first: each as long as the server and its answers allow. The next window is asked
// for while the one before it is being kept.
import type { SampleColumns } from "../../../control/store-ports.ts";
import { failure, type Result, success } from "../../../model/result.ts";
import { DAY_MS } from "../../../model/time.ts";
import type { RulePlan } from "../rule-plan.ts";
import { type AnsweredQuestion, joinAnswers } from "./join-answers.ts";
import type { RuleQuestion } from "./promql.ts";
import type { QueryServer } from "./query-server.ts";
import { readRangeAnswer, type TimeGrid } from "./range-answers.ts";

export interface HistoryAsked {
  readonly server: QueryServer;
  readonly plan: RulePlan;
  readonly questions: readonly RuleQuestion[];
  /** Of the first and last step, milliseconds since 1970: multiples of the step. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** Questions at once. */
  readonly atOnce: number;
}

export interface HistoryWindow {
  readonly columns: SampleColumns;
  /** All steps up to this instant are read. */
  readonly until: number;
  readonly absurd: number;
  readonly incomplete: number;
  readonly nameless: number;
}

/** Prometheus answers 11,000 points a series at most. */
const POINTS_MAX = 10_000;
const WINDOW_MS = DAY_MS;
/** Windows grow again after so many that went well. */
const GROW_AFTER = 8;

export async function* readHistory(asked: HistoryAsked): AsyncGenerator<Result<HistoryWindow>> {
  const { from, to, stepMs } = asked;
  const pointsMax = Math.max(Math.min(Math.round(WINDOW_MS / stepMs), POINTS_MAX), 1);
  let points = pointsMax;
  let went = 0;
  let at = from;
  let next: Promise<Result<HistoryWindow>> | undefined;
  const windowAt = (begin: number) => {
    const left = Math.floor((to - begin) / stepMs) + 1;
    const window = readWindow(asked, { from: begin, stepMs, points: Math.min(points, left) });
    // Whoever waits hears of it; nobody may wait for it.
    void window.catch(() => undefined);
    return window;
  };
  while (at <= to) {
    const window = await (next ?? windowAt(at));
    next = undefined;
    if (!window.ok && window.error.kind === "no-capacity" && points > 1) {
      points = Math.ceil(points / 2);
      went = 0;
      continue;
    }
    if (!window.ok) return yield window;
    at = window.value.until + stepMs;
    if (++went % GROW_AFTER === 0) points = Math.min(points * 2, pointsMax);
    if (at <= to) next = windowAt(at);
    yield window;
  }
}

async function readWindow(asked: HistoryAsked, grid: TimeGrid): Promise<Result<HistoryWindow>> {
  const { server, plan, questions, atOnce } = asked;
  const last = grid.from + (grid.points - 1) * grid.stepMs;
  const answers: AnsweredQuestion[] = [];
  let absurd = 0;
  let failed: Result<never> | undefined;
  const queue = questions.values();
  const worker = async (): Promise<void> => {
    for (const question of queue) {
      if (failed !== undefined) return;
      const answer = await server.ask("/api/v1/query_range", {
        query: question.expression,
        ...{ start: seconds(grid.from), end: seconds(last), step: seconds(grid.stepMs), nocache: "1" },
      });
      const read = answer.ok ? readRangeAnswer(answer.value, grid) : answer;
      if (!read.ok) failed = failure(read.error.kind, `${read.error.message} (asked: ${question.expression})`);
      else {
        answers.push({ question, series: read.value.series });
        absurd += read.value.absurd;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failed !== undefined) return failed;
  answers.sort((left, right) => left.question.rule - right.question.rule);
  const { columns, incomplete, nameless } = joinAnswers(answers, plan, grid);
  return success({ columns, until: last, absurd, incomplete, nameless });
}

function seconds(ms: number): string {
  return String(ms / 1000);
}
