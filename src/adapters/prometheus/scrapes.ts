// Scrapes in the making: what the series of one VM and target said of one instant, until all that are known have spoken or have had
// their time. A resource of which anything is missing is not measured; it is never a sum of less than all.
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";
import type { Part, PlannedRule, RulePlan } from "./rule-plan.ts";

/** One VM as one target tells it. */
export interface Target {
  readonly vm: string;
  readonly key: string;
  /** One for each rule and part that it tells. */
  readonly slots: Slot[];
  /** Not closed yet, in order of arrival. */
  readonly scrapes: Scrape[];
  /** The newest instant that is closed. */
  closedAt: number;
  /** Series that feed it. */
  series: number;
}

export interface Slot {
  readonly rule: number;
  readonly part: Part;
  /** Series that spoke at the last closed instant, or late. */
  expected: number;
}

interface Scrape {
  readonly at: number;
  /** When the first of it came. */
  readonly heardAt: number;
  /** By slot: the sum, how many series said something, and how many had nothing to say (a first sample, a reset). */
  readonly sum: number[];
  readonly spoken: number[];
  readonly silent: number[];
}

export interface ClosedScrape {
  readonly vm: string;
  readonly at: number;
  /** By resource; NaN: not measured. */
  readonly usage: readonly number[];
  /** Resources that were told and not wholly. */
  readonly incomplete: number;
}

export function newTarget(vm: string, key: string): Target {
  return { vm, key, slots: [], scrapes: [], closedAt: Number.NEGATIVE_INFINITY, series: 0 };
}

export function slotOf(target: Target, { rule, part }: Pick<Slot, "rule" | "part">): number {
  const found = target.slots.findIndex((slot) => slot.rule === rule && slot.part === part);
  return found >= 0 ? found : target.slots.push({ rule, part, expected: 0 }) - 1;
}

/** False: this instant is closed. `amount` undefined: the series is there and has nothing to say yet. */
export function tell(
  target: Target,
  said: { readonly slot: number; readonly at: number; readonly amount: number | undefined; readonly now: number },
): boolean {
  const { slot, at, amount, now } = said;
  let scrape = target.scrapes.findLast((each) => each.at === at);
  if (scrape === undefined) {
    if (at <= target.closedAt) {
      // Whoever came late once is waited for from now on.
      const late = target.slots[slot];
      if (late !== undefined) late.expected++;
      return false;
    }
    scrape = { at, heardAt: now, sum: [], spoken: [], silent: [] };
    target.scrapes.push(scrape);
  }
  if (amount === undefined) scrape.silent[slot] = (scrape.silent[slot] ?? 0) + 1;
  else {
    scrape.sum[slot] = (scrape.sum[slot] ?? 0) + amount;
    scrape.spoken[slot] = (scrape.spoken[slot] ?? 0) + 1;
  }
  return true;
}

/** One that sends nothing any more is not waited for. */
export function leave(target: Target, slot: number): void {
  const left = target.slots[slot];
  if (left !== undefined) left.expected = Math.max(left.expected - 1, 0);
}

export interface Closing {
  /** Scrapes of which something came at or before this instant have had their time. */
  readonly heardBefore: number;
  readonly scrapesMax: number;
}

/** Takes out what is whole, what had its time, and the oldest of what is too much; ascending by time. */
export function closeScrapes(target: Target, plan: RulePlan, { heardBefore, scrapesMax }: Closing): ClosedScrape[] {
  const { scrapes } = target;
  scrapes.sort((left, right) => left.at - right.at);
  const tooMany = scrapes.length - scrapesMax;
  const isDue = (scrape: Scrape, index: number) =>
    index < tooMany || scrape.heardAt <= heardBefore || isWhole(target, scrape);
  const due = scrapes.filter(isDue);
  if (due.length === 0) return [];
  const open = scrapes.filter((scrape) => !due.includes(scrape));
  scrapes.splice(0, scrapes.length, ...open);
  return due.map((scrape) => close(target, scrape, plan));
}

/** Every series that spoke last time has spoken. The first time nobody knows how many there are. */
function isWhole({ slots, closedAt }: Target, { spoken, silent }: Scrape): boolean {
  if (closedAt === Number.NEGATIVE_INFINITY) return false;
  return slots.every(({ expected }, slot) => (spoken[slot] ?? 0) + (silent[slot] ?? 0) >= expected);
}

function close(target: Target, scrape: Scrape, plan: RulePlan): ClosedScrape {
  let incomplete = 0;
  const usage = RESOURCES.map((resource) => {
    const amount = amountOf(resource, { target, scrape, plan });
    if (amount === "incomplete") incomplete++;
    return typeof amount === "number" ? amount : Number.NaN;
  });
  if (scrape.at > target.closedAt) {
    target.closedAt = scrape.at;
    for (const [slot, known] of target.slots.entries())
      known.expected = (scrape.spoken[slot] ?? 0) + (scrape.silent[slot] ?? 0);
  }
  return { vm: target.vm, at: scrape.at, usage, incomplete };
}

interface Told {
  readonly target: Target;
  readonly scrape: Scrape;
  readonly plan: RulePlan;
}

/** Of the first source that tells all of it; undefined where no source tells anything. */
function amountOf(resource: Resource, told: Told): number | "incomplete" | undefined {
  let isTold = false;
  for (const rules of told.plan.sourcesOf[resource]) {
    const amounts = rules.map((rule) => amountByRule(rule, told)).filter((amount) => amount !== undefined);
    if (amounts.length === 0) continue;
    isTold = true;
    const sum = amounts.reduce((total, amount) => total + amount, 0);
    if (sum >= 0 && sum <= AMOUNT_MAX) return sum;
  }
  return isTold ? "incomplete" : undefined;
}

const AMOUNT_MAX = 1e30;

/** Undefined: nobody tells it. NaN: somebody does, and not all of it. */
function amountByRule({ number, rule }: PlannedRule, { target, scrape }: Told): number | undefined {
  const partOf = (part: Part): number | undefined => {
    const slot = target.slots.findIndex((each) => each.rule === number && each.part === part);
    if (slot < 0) return undefined;
    const spoken = scrape.spoken[slot] ?? 0;
    const silent = scrape.silent[slot] ?? 0;
    const expected = target.slots[slot]?.expected ?? 0;
    if (spoken + silent === 0 && expected === 0) return undefined;
    return silent > 0 || spoken < expected ? Number.NaN : (scrape.sum[slot] ?? Number.NaN);
  };
  const value = partOf("value");
  if (value === undefined) return undefined;
  const less = rule.less === undefined ? 0 : (partOf("less") ?? Number.NaN);
  const times = rule.times === undefined ? 1 : (partOf("times") ?? Number.NaN);
  return (value - less) * times * rule.factor;
}

export function isEmpty({ usage }: ClosedScrape): boolean {
  return usage.length === RESOURCE_COUNT && usage.every(Number.isNaN);
}
