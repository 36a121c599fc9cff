// What a server has of what the rules ask for: how many series of each metric there are, and which VMs they name. Asked before a
// backfill, so that nothing is asked for a month of days that is not there, and shown by a dry run.
import { failure, type Result, success } from "../../../model/result.ts";
import { type Labels, vmOf } from "../metric-rule.ts";
import type { RulePlan } from "../rule-plan.ts";
import type { RuleQuestion } from "./promql.ts";
import type { QueryServer } from "./query-server.ts";
import { readSeriesAnswer } from "./range-answers.ts";

export interface SurveyedQuestion {
  readonly question: RuleQuestion;
  /** Undefined: more than can be listed. */
  readonly series: number | undefined;
  readonly vms: ReadonlySet<string>;
  /** Series whose labels name no VM. */
  readonly nameless: number;
}

/** Of those that have series, in the order of rules. */
export async function survey(
  server: QueryServer,
  plan: RulePlan,
  span: { readonly questions: readonly RuleQuestion[]; readonly from: number; readonly to: number },
): Promise<Result<readonly SurveyedQuestion[]>> {
  const { questions, from, to } = span;
  const found: SurveyedQuestion[] = [];
  for (const question of questions) {
    const parameters = { "match[]": question.selector, start: String(from / 1000), end: String(to / 1000) };
    const answer = await server.ask("/api/v1/series", parameters);
    const read = answer.ok ? readSeriesAnswer(answer.value) : answer;
    if (!read.ok && read.error.kind !== "no-capacity")
      return failure(read.error.kind, `${read.error.message} (asked: ${question.selector})`);
    if (read.ok && read.value.length === 0) continue;
    found.push(read.ok ? whoIsIn(read.value, question, plan) : { question, ...UNLISTED });
  }
  return success(found);
}

const UNLISTED = { series: undefined, vms: new Set<string>(), nameless: 0 };

function whoIsIn(series: readonly Labels[], question: RuleQuestion, { rules, mapping }: RulePlan): SurveyedQuestion {
  const vms = new Set<string>();
  let nameless = 0;
  for (const labels of series) {
    const vm = vmOf(labels, rules[question.rule]?.rule.vm ?? [], mapping);
    if (vm === undefined) nameless++;
    else vms.add(vm);
  }
  return { question, series: series.length, vms, nameless };
}
