// Every number and time that the page shows is written here, and only here. Rounding is for show, after all sums.
import { rounded } from "../model/format-amount.ts";
import { RESOURCES, type Resource, UNLIMITED_AMOUNT } from "../model/resources.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../model/units.ts";

const HARD_SPACE = "\u00a0";
const THIN_SPACE = "\u202f";
const MEGABYTE = 1e6;

export const RESOURCE_WORDS: Readonly<Record<Resource, string>> = {
  cpu: "CPU",
  memory: "Memory",
  network: "Network",
  storage: "Storage",
};

export const RESOURCE_IN_SENTENCE: Readonly<Record<Resource, string>> = {
  cpu: "CPU",
  memory: "memory",
  network: "network",
  storage: "storage",
};

export function isResource(text: string | null): text is Resource {
  return RESOURCES.some((resource) => resource === text);
}

/** The unit of one sentence or chart: all its numbers share it, so that it is named once. */
export interface Scale {
  readonly unit: string;
  readonly unitOfOne: string;
  readonly baseUnits: number;
}

/** `largest` in base units decides between MiB and GiB. */
export function scaleOf(resource: Resource, largest: number): Scale {
  switch (resource) {
    case "cpu":
      return { unit: "cores", unitOfOne: "core", baseUnits: 1 };
    case "memory":
      return largest >= GIBIBYTE || largest === 0
        ? { unit: "GiB", unitOfOne: "GiB", baseUnits: GIBIBYTE }
        : { unit: "MiB", unitOfOne: "MiB", baseUnits: MEBIBYTE };
    case "network":
    case "storage":
      return { unit: "MB/s", unitOfOne: "MB/s", baseUnits: MEGABYTE };
  }
}

/** "0.7", "61", "1 728": the bare number. */
export function amountText(amount: number, { baseUnits }: Scale): string {
  return rounded(amount / baseUnits);
}

/** "0.7 cores" */
export function amountWithUnit(amount: number, scale: Scale): string {
  const number = amountText(amount, scale);
  return `${number}${HARD_SPACE}${number === "1.0" ? scale.unitOfOne : scale.unit}`;
}

/** One decimal below 100, for values under the cursor. */
export function exactAmount(amount: number, scale: Scale): string {
  const value = amount / scale.baseUnits;
  return `${value < 100 ? value.toFixed(1) : rounded(value)}${HARD_SPACE}${scale.unit}`;
}

/** Tick labels of an axis: no ".0". */
export function axisNumber(value: number): string {
  return value < 20 ? String(Number(value.toFixed(2))) : wholeNumber(value);
}

/** False for what no contract or host limits. */
export function isLimited(amount: number): boolean {
  return amount < UNLIMITED_AMOUNT;
}

export function wholeNumber(count: number): string {
  return Math.round(count).toLocaleString("en-US").replaceAll(",", THIN_SPACE);
}

/** countOf(1, "VM") is "1 VM", countOf(2, "VM") is "2 VMs". */
export function countOf(count: number, thing: string): string {
  return `${wholeNumber(count)}${HARD_SPACE}${thing}${count === 1 ? "" : "s"}`;
}

/** "0.03 %"; `share` of 1. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return `<0.01${HARD_SPACE}%`;
  const decimals = percent === 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : 2;
  return `${percent.toFixed(decimals)}${HARD_SPACE}%`;
}

export function ratioText(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 1);
}

/** "€ 81.40"; `amount` in whole units of the currency. */
export function moneyText(amount: number, currency: string): string {
  const parts = new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  const symbol = parts.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
  const [whole = "", cents = ""] = amount.toFixed(2).split(".");
  return `${symbol}${HARD_SPACE}${wholeNumber(Number(whole))}.${cents}`;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "short" });

/** "16:35" in the viewer's time zone. */
export function clockTime(at: number): string {
  return CLOCK.format(at);
}

/** "Thu 22" */
export function dayName(at: number): string {
  return `${WEEKDAY.format(at)} ${new Date(at).getDate()}`;
}

/** "23:10", "03:10 tomorrow"; any other day by its name: "Wed 21 23:10". */
export function timeSeenFrom(now: number, at: number): string {
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  if (dayName(now) === dayName(at)) return clockTime(at);
  return dayName(tomorrow.getTime()) === dayName(at) ? `${clockTime(at)} tomorrow` : `${dayName(at)} ${clockTime(at)}`;
}

export function timeZoneName(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");
}

/** "23 ms", "0.4 s", "45 s", "11 min", "2 h 5 min", "2 d 5 h" */
export function durationText(ms: number): string {
  if (ms < 0.1 * SECOND_MS) return `${Math.round(ms)}${HARD_SPACE}ms`;
  if (ms < 10 * SECOND_MS) return `${rounded(ms / SECOND_MS)}${HARD_SPACE}s`;
  if (ms < MINUTE_MS) return `${Math.round(ms / SECOND_MS)}${HARD_SPACE}s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)}${HARD_SPACE}min`;
  const [large, small, names] = ms < DAY_MS ? [HOUR_MS, MINUTE_MS, ["h", "min"]] : [DAY_MS, HOUR_MS, ["d", "h"]];
  const rest = Math.floor((ms % large) / small);
  const whole = `${Math.floor(ms / large)}${HARD_SPACE}${names[0]}`;
  return rest === 0 ? whole : `${whole} ${rest}${HARD_SPACE}${names[1]}`;
}
