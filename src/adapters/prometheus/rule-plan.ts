// The rules made ready to be asked: what a metric is for, by its name, and whether a series with these labels counts.
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { type Labels, type MetricMapping, type MetricRule, vmOf } from "./metric-rule.ts";

/** What a metric is in a rule: what is added up, what is taken off, or what it is multiplied by. */
export const PARTS = ["value", "less", "times"] as const;
export type Part = (typeof PARTS)[number];

export interface PlannedRule {
  readonly number: number;
  readonly rule: MetricRule;
  readonly where: readonly (readonly [string, RegExp])[];
  readonly unless: readonly (readonly [string, RegExp])[];
}

interface Role {
  readonly planned: PlannedRule;
  readonly part: Part;
}

export interface RulePlan {
  readonly mapping: MetricMapping;
  readonly rules: readonly PlannedRule[];
  readonly rolesOf: ReadonlyMap<string, readonly Role[]>;
  /** By resource: rules by source, the preferred source first. */
  readonly sourcesOf: Readonly<Record<Resource, readonly (readonly PlannedRule[])[]>>;
}

export function planRules(mapping: MetricMapping): RulePlan {
  const rules = mapping.rules.map((rule, number) => ({
    ...{ number, rule, where: patternsOf(rule.where), unless: patternsOf(rule.unless) },
  }));
  const rolesOf = new Map<string, Role[]>();
  for (const planned of rules)
    for (const part of PARTS) {
      const metric = part === "value" ? planned.rule.metric : planned.rule[part];
      if (metric !== undefined) rolesOf.set(metric, [...(rolesOf.get(metric) ?? []), { planned, part }]);
    }
  const bySource = (resource: Resource): readonly (readonly PlannedRule[])[] => {
    const groups = new Map<string, PlannedRule[]>();
    for (const planned of rules.filter(({ rule }) => rule.resource === resource))
      groups.set(planned.rule.source, [...(groups.get(planned.rule.source) ?? []), planned]);
    return [...groups.values()];
  };
  const sourcesOf = Object.fromEntries(RESOURCES.map((resource) => [resource, bySource(resource)]));
  return { mapping, rules, rolesOf, sourcesOf: sourcesOf as RulePlan["sourcesOf"] };
}

function patternsOf(patterns: MetricRule["where"] = {}): readonly (readonly [string, RegExp])[] {
  return Object.entries(patterns).map(([label, pattern]) => [label, new RegExp(`^(?:${pattern})$`)]);
}

/** What a series is for; or why it is for nothing. */
export type Meaning =
  | { readonly kind: "feeds"; readonly feeds: readonly { readonly vm: string; readonly role: Role }[] }
  | { readonly kind: "ignored"; readonly why: string };

/** Undefined: no rule names this metric. */
export function meaningOf(
  { rolesOf, mapping }: RulePlan,
  metric: string,
  labels: Labels | undefined,
): Meaning | undefined {
  const roles = rolesOf.get(metric);
  if (roles === undefined) return undefined;
  if (labels === undefined) return { kind: "ignored", why: "its labels cannot be read" };
  const fitting = roles.filter(({ planned }) => passes(planned, labels));
  if (fitting.length === 0) return { kind: "ignored", why: "the rule leaves out series with such labels" };
  const feeds = fitting.flatMap((role) => {
    const vm = vmOf(labels, role.planned.rule.vm, mapping);
    return vm === undefined ? [] : [{ vm, role }];
  });
  if (feeds.length > 0) return { kind: "feeds", feeds };
  const wanted = fitting[0]?.planned.rule.vm.join(" or ") ?? "";
  return { kind: "ignored", why: `no label says which VM it is: ${wanted} is wanted` };
}

function passes({ where, unless }: PlannedRule, labels: Labels): boolean {
  const matches = ([label, pattern]: readonly [string, RegExp]) => pattern.test(labels.get(label) ?? "");
  return where.every(matches) && !unless.some(matches);
}
