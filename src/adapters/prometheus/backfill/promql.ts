// Rules as questions to a server that answers PromQL: what a rule adds up, for every VM, as the mean of each step. The server does the
// adding, so that an answer has one series for each VM and target however many devices there are.
import { LABEL_IN_TEMPLATE, type MetricRule } from "../metric-rule.ts";
import { PARTS, type Part, type RulePlan } from "../rule-plan.ts";

export interface RuleQuestion {
  readonly rule: number;
  readonly part: Part;
  readonly metric: string;
  /** Which series count, as PromQL. */
  readonly selector: string;
  /** Mean over the window before each step. */
  readonly expression: string;
}

/** One for every rule and part. `windowMs`: rates and means are taken over so much. */
export function questionsOf({ rules }: RulePlan, windowMs: number): readonly RuleQuestion[] {
  return rules.flatMap(({ number, rule }) =>
    PARTS.flatMap((part) => {
      const metric = part === "value" ? rule.metric : rule[part];
      // Names of OpenTelemetry are none of Prometheus.
      if (metric === undefined || !METRIC_FORM.test(metric)) return [];
      const selector = selectorOf(rule, metric);
      const over = part === "value" && rule.kind === "counter" ? "rate" : "avg_over_time";
      const expression = `sum by (${labelsOf(rule).join(", ")}) (${over}(${selector}[${windowMs / 1000}s]))`;
      return [{ rule: number, part, metric, selector, expression }];
    }),
  );
}

function selectorOf({ where = {}, unless = {} }: MetricRule, metric: string): string {
  const matchers = [
    `__name__=${quoted(metric)}`,
    ...Object.entries(where).map(([label, pattern]) => `${label}=~${quoted(pattern)}`),
    ...Object.entries(unless).map(([label, pattern]) => `${label}!~${quoted(pattern)}`),
  ];
  return `{${matchers.join(",")}}`;
}

/** Escapes of JSON are escapes of PromQL too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

const METRIC_FORM = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const LABEL_FORM = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What tells VMs, and targets, apart. */
function labelsOf({ vm }: MetricRule): readonly string[] {
  const named = vm.flatMap((template) => [...template.matchAll(LABEL_IN_TEMPLATE)].map(([, name = ""]) => name));
  return [...new Set(["job", "instance", ...named])].filter((label) => LABEL_FORM.test(label));
}
