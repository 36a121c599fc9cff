// What events do to demand, learned from past ones: for each kind and resource a factor by phase, shrunk from the kind over the
// customer and the workload to the name of the event, so that one loud event teaches little and ten alike teach a lot. What the
// announcer declares counts as one more observation, as sure as the announcer's declarations have proven to be.
import { EVENT_KINDS, type EventKind, type ExternalEvent } from "../model/event.ts";
import type { CustomerId, WorkloadId } from "../model/fleet.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import { EVENT_PHASES, type EventPart, fadingAt, PHASE_COUNT, partOf, phaseAt } from "./event-phases.ts";
import {
  countOf,
  emptyNestedMeans,
  hasSeen,
  type NestedMeans,
  type NestedPath,
  observe,
  type PriorSpread,
  shrunkMeans,
} from "./nested-means.ts";

/** Plain data, changed in place by `observeEvent` alone. */
export interface EventEffects {
  /** By kind and resource. */
  readonly trees: ReadonlyMap<string, EffectTree>;
}

interface EffectTree {
  /** A value for each phase. */
  readonly means: NestedMeans;
  /** How true declarations were: by customer, and "" for all of them. */
  readonly claims: Map<string, Claims>;
}

interface Claims {
  count: number;
  /** Sum of (seen - declared)^2, in logs. */
  squares: number;
}

export function emptyEffects(): EventEffects {
  const trees = new Map<string, EffectTree>();
  for (const kind of EVENT_KINDS)
    for (const resource of RESOURCES)
      trees.set(treeKey(kind, resource), { means: emptyNestedMeans(PHASE_COUNT), claims: new Map() });
  return { trees };
}

export interface EffectQuestion {
  readonly event: ExternalEvent;
  readonly resource: Resource;
  readonly customer: CustomerId;
  /** Left out: the customer as a whole. */
  readonly workload?: WorkloadId;
}

/** Groups over all kinds and resources: about 100 MB. */
const GROUPS_MAX = 150_000;

/**
 * Learns from one event of the past: `logRatio` [PHASE_COUNT] as `measureEvent` gives it, NaN where unknown. In any order; each
 * event once. False, and nothing learned, where the event is of a new sort and there is no room for more sorts.
 */
export function observeEvent(
  effects: EventEffects,
  { logRatio, ...question }: EffectQuestion & { readonly logRatio: Float64Array },
): boolean {
  const tree = treeOf(effects, question);
  const path = pathOf(question);
  if (!hasSeen(tree.means, path) && groupCountOf(effects) >= GROUPS_MAX) return false;
  observe(tree.means, path, logRatio);
  const { declaredUplift } = question.event;
  const seen = logRatio.filter((ratio, phase) => partOf(phase) === "during" && !Number.isNaN(ratio));
  if (declaredUplift === undefined || seen.length === 0) return true;
  const meanSeen = seen.reduce((sum, ratio) => sum + ratio, 0) / seen.length;
  for (const key of ["", question.customer]) {
    const claims = tree.claims.get(key) ?? { count: 0, squares: 0 };
    claims.count++;
    claims.squares += (meanSeen - Math.log(declaredUplift)) ** 2;
    tree.claims.set(key, claims);
  }
  return true;
}

function groupCountOf({ trees }: EventEffects): number {
  return [...trees.values()].reduce((sum, { means }) => sum + means.groups.size, 0);
}

/** What one event is expected to do to one resource. */
export interface EventEffect {
  /** [PHASE_COUNT] expected log of the factor on demand; of news before it fades. */
  readonly logUplift: Float64Array;
  /** [PHASE_COUNT] standard deviation of that log for this one event. */
  readonly logSd: Float64Array;
  /** The nearest group that anything was learned from. "declared": nothing but the announcer's word. */
  readonly learnedOf: "name" | "workload" | "customer" | "kind" | "declared" | "nothing";
  /** How many events that group has seen. */
  readonly eventCount: number;
}

const SCOPES = ["kind", "customer", "workload", "name"] as const;

/** Ask once for each customer, workload, resource and event, not for each series and tick: it costs some 40 microseconds. */
export function expectedEffect(effects: EventEffects, question: EffectQuestion): EventEffect {
  const { event } = question;
  const tree = treeOf(effects, question);
  const [logUplift, logSd] = [new Float64Array(PHASE_COUNT), new Float64Array(PHASE_COUNT)];
  const counts = new Float64Array(SCOPES.length);
  const means = shrunkMeans(tree.means, pathOf(question), (phase) => priorSpread(event.kind, partOf(phase)));
  EVENT_PHASES.forEach(({ part }, phase) => {
    const shrunk = means[nearestSeenPhase(tree.means, phase)];
    if (shrunk === undefined) return;
    shrunk.counts.forEach((count, level) => {
      counts[level] = Math.max(counts[level] as number, count);
    });
    const learned = { mean: shrunk.mean, variance: shrunk.variance + shrunk.noiseVariance };
    const isDeclared = part === "during" || (part === "after" && event.kind === "news");
    const { mean, variance } = isDeclared ? withDeclared(learned, { tree, ...question }) : learned;
    logUplift[phase] = mean;
    logSd[phase] = Math.sqrt(variance);
  });
  const nearest = counts.findLastIndex((count) => count > 0);
  const learnedOf = SCOPES[nearest] ?? (event.declaredUplift === undefined ? "nothing" : "declared");
  return { logUplift, logSd, learnedOf, eventCount: counts[nearest] ?? 0 };
}

/** Coarse ticks never see some phases; those do as the nearest seen one of the same part does. */
function nearestSeenPhase(means: NestedMeans, phase: number): number {
  let nearest = phase;
  let distance = Number.POSITIVE_INFINITY;
  for (let other = 0; other < PHASE_COUNT; other++) {
    const isCandidate = partOf(other) === partOf(phase) && countOf(means, other) > 0;
    if (isCandidate && Math.abs(other - phase) < distance) [nearest, distance] = [other, Math.abs(other - phase)];
  }
  return nearest;
}

/** The effect at an instant: its expected log and the standard deviation of that; zeros outside of its phases. */
export function effectAt(event: ExternalEvent, effect: EventEffect, at: number): { logUplift: number; logSd: number } {
  const phase = phaseAt(event, at);
  const fading = fadingAt(event, at);
  return { logUplift: (effect.logUplift[phase] ?? 0) * fading, logSd: (effect.logSd[phase] ?? 0) * fading };
}

interface Normal {
  readonly mean: number;
  readonly variance: number;
}

/** The product of two normal densities: what was learned, and what is declared of this very event. */
function withDeclared(learned: Normal, declared: EffectQuestion & { tree: EffectTree }): Normal {
  const { declaredUplift } = declared.event;
  if (declaredUplift === undefined) return learned;
  const ofClaim = claimVariance(declared.tree, declared.customer);
  const trust = learned.variance / (learned.variance + ofClaim);
  return { mean: learned.mean + trust * (Math.log(declaredUplift) - learned.mean), variance: trust * ofClaim };
}

/** Before any experience a declared factor of 2 means 1.6 to 2.6, two times of three; as sure as three proven events. */
const CLAIM_SD = 0.25;
const CLAIM_FREEDOM = 3;

/** How far declarations are off: the guess, outvoted by all customers, outvoted by this one. */
function claimVariance({ claims }: EffectTree, customer: CustomerId): number {
  return ["", customer].reduce((variance, key) => {
    const { count, squares } = claims.get(key) ?? { count: 0, squares: 0 };
    return (CLAIM_FREEDOM * variance + squares) / (CLAIM_FREEDOM + count);
  }, CLAIM_SD ** 2);
}

/**
 * How far an unknown event of a kind moves demand (standard deviation of the log), and how far two events of one name differ.
 * Guesses: the latter was 0.2 between World Cup matches and 0.9 between play-offs, the only public data with events.
 */
const KIND_SD: Readonly<Record<EventKind, number>> = {
  campaign: 0.3,
  release: 0.15,
  holiday: 0.2,
  season: 0.15,
  news: 0.3,
};
/** Before and after an event less happens than while it lasts; news has no end to speak of. */
const OUTSIDE_SHARE = 1 / 2;

function priorSpread(kind: EventKind, part: EventPart): PriorSpread {
  const isOutside = part === "before" || (part === "after" && kind !== "news");
  const outermost = KIND_SD[kind] * (isOutside ? OUTSIDE_SHARE : 1);
  const inside = outermost / 2;
  return { outermost, levels: [inside, inside, inside], noise: outermost };
}

function treeOf({ trees }: EventEffects, { event, resource }: EffectQuestion): EffectTree {
  const tree = trees.get(treeKey(event.kind, resource));
  assert(tree !== undefined, `there is a tree for every kind and resource: ${event.kind}, ${resource}`);
  return tree;
}

function treeKey(kind: EventKind, resource: Resource): string {
  return `${kind}/${resource}`;
}

function pathOf({ event, customer, workload = "" as WorkloadId }: EffectQuestion): NestedPath {
  return [customer, workload, event.name.trim().toLowerCase()];
}
