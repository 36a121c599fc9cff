// Scrapes in the making: what the series of one VM and target said of one instant, until all that are known have spoken or have had
// their time. A resource of which anything is missing is not measured; it is never a sum of less than all.
import { RESOURCE_COUNT, RESOURCES } from "../../model/resources.ts";
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
  /** What it tells, made ready to be asked. */
  tellers: Tellers | undefined;
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
  return { vm, key, slots: [], scrapes: [], closedAt: Number.NEGATIVE_INFINITY, series: 0, tellers: undefined };
}

export function slotOf(target: Target, { rule, part }: Pick<Slot, "rule" | "part">): number {
  const found = target.slots.findIndex((slot) => slot.rule === rule && slot.part === part);
  return found >= 0 ? found : target.slots.push({ rule, part, expected: 0 }) - 1;
}

/** Opened where it is a new one; undefined: this instant is closed. */
export function scrapeAt(target: Target, at: number, now: number): Scrape | undefined {
  const { scrapes, slots, closedAt } = target;
  const newest = scrapes.at(-1);
  if (newest?.at === at) return newest;
  const found = scrapes.findLast((each) => each.at === at);
  if (found !== undefined) return found;
  if (at <= closedAt) return undefined;
  const nothing = () => new Array<number>(slots.length).fill(0);
  const opened = { at, heardAt: now, sum: nothing(), spoken: nothing(), silent: nothing() };
  scrapes.push(opened);
  return opened;
}

/** Whoever came late once is waited for from now on. */
export function comeLate({ slots }: Target, slot: number): void {
  const late = slots[slot];
  if (late !== undefined) late.expected++;
}

/** `amount` undefined: the series is there and has nothing to say yet. */
export function tell(scrape: Scrape, slot: number, amount: number | undefined): void {
  const { sum, spoken, silent } = scrape;
  if (amount === undefined) silent[slot] = (silent[slot] ?? 0) + 1;
  else {
    sum[slot] = (sum[slot] ?? 0) + amount;
    spoken[slot] = (spoken[slot] ?? 0) + 1;
  }
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
  if (scrapes.length > 1) scrapes.sort((left, right) => left.at - right.at);
  const tooMany = scrapes.length - scrapesMax;
  const isDue = (scrape: Scrape, index: number) =>
    index < tooMany || scrape.heardAt <= heardBefore || isWhole(target, scrape);
  const due = scrapes.filter(isDue);
  if (due.length === 0) return [];
  if (due.length === scrapes.length) scrapes.length = 0;
  else scrapes.splice(0, scrapes.length, ...scrapes.filter((scrape) => !due.includes(scrape)));
  return due.map((scrape) => close(target, scrape, plan));
}

/** Every series that spoke last time has spoken. The first time nobody knows how many there are. */
function isWhole({ slots, closedAt }: Target, { spoken, silent }: Scrape): boolean {
  if (closedAt === Number.NEGATIVE_INFINITY) return false;
  return slots.every(({ expected }, slot) => (spoken[slot] ?? 0) + (silent[slot] ?? 0) >= expected);
}

function close(target: Target, scrape: Scrape, plan: RulePlan): ClosedScrape {
  let incomplete = 0;
  const usage: number[] = [];
  for (const sources of tellersOf(target, plan)) {
    const amount = amountOf(sources, target, scrape);
    if (amount === "incomplete") incomplete++;
    usage.push(typeof amount === "number" ? amount : Number.NaN);
  }
  if (scrape.at > target.closedAt) {
    target.closedAt = scrape.at;
    for (const [slot, known] of target.slots.entries())
      known.expected = (scrape.spoken[slot] ?? 0) + (scrape.silent[slot] ?? 0);
  }
  return { vm: target.vm, at: scrape.at, usage, incomplete };
}

/** A rule that a target tells, and where its parts are; -1: nobody tells that part. */
interface Teller {
  readonly rule: PlannedRule["rule"];
  readonly value: number;
  readonly less: number;
  readonly times: number;
}

/** By resource, sources in order of preference. Made anew when a target tells something that it did not tell before. */
interface Tellers {
  readonly slots: number;
  readonly byResource: readonly (readonly (readonly Teller[])[])[];
}

function tellersOf(target: Target, { sourcesOf }: RulePlan): Tellers["byResource"] {
  const { slots, tellers } = target;
  if (tellers?.slots === slots.length) return tellers.byResource;
  const placeOf = (rule: number, part: Part) => slots.findIndex((slot) => slot.rule === rule && slot.part === part);
  const byResource = RESOURCES.map((resource) =>
    sourcesOf[resource]
      .map((rules) =>
        rules
          .map(({ number, rule }) => ({
            ...{ rule, value: placeOf(number, "value") },
            ...{ less: placeOf(number, "less"), times: placeOf(number, "times") },
          }))
          .filter(({ value }) => value >= 0),
      )
      .filter((source) => source.length > 0),
  );
  target.tellers = { slots: slots.length, byResource };
  return byResource;
}

/** Of the first source that tells all of it; undefined where no source tells anything. */
function amountOf(
  sources: readonly (readonly Teller[])[],
  target: Target,
  scrape: Scrape,
): number | "incomplete" | undefined {
  let isTold = false;
  for (const tellers of sources) {
    let sum = 0;
    let count = 0;
    for (const teller of tellers) {
      const amount = amountBy(teller, target, scrape);
      if (amount === undefined) continue;
      sum += amount;
      count++;
    }
    if (count === 0) continue;
    isTold = true;
    if (sum >= 0 && sum <= AMOUNT_MAX) return sum;
  }
  return isTold ? "incomplete" : undefined;
}

const AMOUNT_MAX = 1e30;

/** Undefined: nobody tells it. NaN: somebody does, and not all of it. */
function amountBy(teller: Teller, target: Target, scrape: Scrape): number | undefined {
  const { rule } = teller;
  const value = partOf(teller.value, target, scrape);
  if (value === undefined) return undefined;
  const less = rule.less === undefined ? 0 : (partOf(teller.less, target, scrape) ?? Number.NaN);
  const times = rule.times === undefined ? 1 : (partOf(teller.times, target, scrape) ?? Number.NaN);
  return (value - less) * times * rule.factor;
}

function partOf(slot: number, { slots }: Target, { sum, spoken, silent }: Scrape): number | undefined {
  if (slot < 0) return undefined;
  const told = spoken[slot] ?? 0;
  const untold = silent[slot] ?? 0;
  const expected = slots[slot]?.expected ?? 0;
  if (told + untold === 0 && expected === 0) return undefined;
  return untold > 0 || told < expected ? Number.NaN : (sum[slot] ?? Number.NaN);
}

export function isEmpty({ usage }: ClosedScrape): boolean {
  return usage.length === RESOURCE_COUNT && usage.every(Number.isNaN);
}
