// Answers to all questions of one span of time, joined to samples: the same preferences as for metrics that are pushed. A resource of
// which a part is missing is not measured; of two targets that tell the same the first stands.
import type { SampleColumns } from "../../../control/store-ports.ts";
import type { VmId } from "../../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../../model/resources.ts";
import { vmOf } from "../metric-rule.ts";
import type { Part, PlannedRule, RulePlan } from "../rule-plan.ts";
import type { RuleQuestion } from "./promql.ts";
import type { RangeSeries, TimeGrid } from "./range-answers.ts";

export interface AnsweredQuestion {
  readonly question: RuleQuestion;
  readonly series: readonly RangeSeries[];
}

export interface Joined {
  readonly columns: SampleColumns;
  /** Resources of a VM and step that were told and not wholly. */
  readonly incomplete: number;
  /** Series whose labels name no VM. */
  readonly nameless: number;
}

/** One VM as one target tells it: [rule] by part. */
interface Target {
  readonly vm: string;
  readonly told: Map<number, Partial<Record<Part, Float64Array>>>;
}

/** Rows by VM, ascending by time. */
export function joinAnswers(answers: readonly AnsweredQuestion[], plan: RulePlan, grid: TimeGrid): Joined {
  const { targets, nameless } = targetsOf(answers, plan);
  const byVm = new Map<string, Target[]>();
  for (const [, target] of [...targets].sort(([left], [right]) => (left < right ? -1 : 1)))
    byVm.set(target.vm, [...(byVm.get(target.vm) ?? []), target]);
  const rows: { vm: number[]; at: number[]; usage: number[] } = { vm: [], at: [], usage: [] };
  let incomplete = 0;
  for (const [place, targetsOfVm] of [...byVm.values()].entries()) {
    const usage = RESOURCES.map((resource) => {
      const amounts = new Float64Array(grid.points).fill(Number.NaN);
      for (const target of targetsOfVm) incomplete += fillFrom(amounts, resource, { target, plan });
      return amounts;
    });
    for (let point = 0; point < grid.points; point++) {
      if (usage.every((amounts) => Number.isNaN(amounts[point]))) continue;
      rows.vm.push(place);
      rows.at.push(grid.from + point * grid.stepMs);
      for (let offset = 0; offset < RESOURCE_COUNT; offset++) rows.usage.push(usage[offset]?.[point] as number);
    }
  }
  const columns = {
    vms: [...byVm.keys()] as VmId[],
    ...{ vm: Uint32Array.from(rows.vm), at: Float64Array.from(rows.at), usage: Float32Array.from(rows.usage) },
  };
  return { columns, incomplete, nameless };
}

function targetsOf(answers: readonly AnsweredQuestion[], { rules, mapping }: RulePlan) {
  const targets = new Map<string, Target>();
  let nameless = 0;
  for (const { question, series } of answers)
    for (const { labels, values } of series) {
      const vm = vmOf(labels, rules[question.rule]?.rule.vm ?? [], mapping);
      if (vm === undefined) {
        nameless++;
        continue;
      }
      const key = `${vm}\0${labels.get("job") ?? ""}\0${labels.get("instance") ?? ""}`;
      const target = targets.get(key) ?? { vm, told: new Map() };
      targets.set(key, target);
      const told = target.told.get(question.rule) ?? {};
      target.told.set(question.rule, told);
      const before = told[question.part];
      told[question.part] = before === undefined ? values : values.map((value, point) => value + (before[point] ?? 0));
    }
  return { targets, nameless };
}

/** Fills what is open from the first source that tells all of it; returns how often some of it was missing. */
function fillFrom(
  amounts: Float64Array,
  resource: Resource,
  { target, plan }: { readonly target: Target; readonly plan: RulePlan },
): number {
  const wanting = new Uint8Array(amounts.length);
  for (const rules of plan.sourcesOf[resource]) {
    const sums = rules.flatMap((rule) => amountsBy(rule, target) ?? []);
    if (sums.length === 0) continue;
    for (let point = 0; point < amounts.length; point++) {
      if (!Number.isNaN(amounts[point])) continue;
      const sum = sums.reduce((total, each) => total + (each[point] as number), 0);
      if (sum >= 0 && sum <= AMOUNT_MAX) amounts[point] = sum;
      else if (rules.some((rule) => isTold(rule, target, point))) wanting[point] = 1;
    }
  }
  return wanting.reduce((total, each, point) => total + (Number.isNaN(amounts[point]) ? each : 0), 0);
}

function isTold({ number }: PlannedRule, { told }: Target, point: number): boolean {
  return !Number.isNaN(told.get(number)?.value?.[point] ?? Number.NaN);
}

const AMOUNT_MAX = 1e30;

/** Undefined: nobody tells it. */
function amountsBy({ number, rule }: PlannedRule, { told }: Target): [Float64Array] | undefined {
  const { value, less, times } = told.get(number) ?? {};
  if (value === undefined) return undefined;
  const partAt = (part: Float64Array | undefined, isAsked: boolean, neutral: number, point: number) =>
    isAsked ? (part?.[point] ?? Number.NaN) : neutral;
  return [
    value.map(
      (amount, point) =>
        (amount - partAt(less, rule.less !== undefined, 0, point)) *
        partAt(times, rule.times !== undefined, 1, point) *
        rule.factor,
    ),
  ];
}
