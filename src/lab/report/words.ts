// How numbers, amounts and times read in the report. Rounding is for show only and happens here, after all sums.
import { formatAmount, rounded } from "../../model/format-amount.ts";
import { formatMoney, type Micros } from "../../model/money.ts";
import type { Resource } from "../../model/resources.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { GIBIBYTE } from "../../model/units.ts";

export const HARD_SPACE = "\u00a0";
const THIN_SPACE = "\u202f";
const MINUS = "\u2212";

export interface Unit {
  readonly name: string;
  /** As in "for each core used". */
  readonly one: string;
  /** Base units in one of these. */
  readonly size: number;
}

export const SHOWN_UNIT: Readonly<Record<Resource, Unit>> = {
  cpu: { name: "cores", one: "core", size: 1 },
  memory: { name: "GiB", one: "GiB", size: GIBIBYTE },
  network: { name: "MB/s", one: "MB/s", size: 1e6 },
  storage: { name: "MB/s", one: "MB/s", size: 1e6 },
};

export const RESOURCE_TITLE: Readonly<Record<Resource, string>> = {
  cpu: "CPU",
  memory: "Memory",
  network: "Network",
  storage: "Storage",
};

/** "12 345.6": thin spaces between thousands, a real minus. */
export function decimal(value: number, decimals: number): string {
  const [whole = "", fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  const digits = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(digits.replaceAll(THIN_SPACE, "")) !== 0 ? MINUS + digits : digits;
}

/** "1.19", "20.5", "312": three figures are enough to compare. */
export function ratio(value: number): string {
  return decimal(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

export function ratioOrNever(value: number | null | undefined): string {
  return value === null || value === undefined ? "never" : ratio(value);
}

/** A measured share: "1.01 %", "12.3 %", "<0.01 %", "0 %". */
export function share(value: number): string {
  if (value > 0 && value < 0.00005) return `<0.01${HARD_SPACE}%`;
  const inPercent = value * 100;
  return `${value === 0 ? "0" : decimal(inPercent, inPercent < 9.995 ? 2 : 1)}${HARD_SPACE}%`;
}

/** A chosen share, with no more figures than it has: "1 %", "0.5 %". */
export function roundShare(value: number): string {
  return `${Number((value * 100).toPrecision(3))}${HARD_SPACE}%`;
}

/** "0.7", "34", "1 234": an amount of a resource in its shown unit, without the unit. */
export function amount(resource: Resource, value: number): string {
  const shown = rounded(Math.abs(value) / SHOWN_UNIT[resource].size);
  return value < 0 ? MINUS + shown : shown;
}

/** "16 GiB", "0.7 cores": in a sentence, a whole number needs no decimal. */
export function amountWithUnit(resource: Resource, value: number): string {
  return formatAmount(resource, value).replace(/\.0(?=\D)/, "");
}

/** All labels of one axis with the same decimals, as many as the smallest step needs. */
export function axisLabels(values: readonly number[]): string[] {
  const decimals = Math.max(...values.map((value) => String(Number(value.toPrecision(6))).split(".")[1]?.length ?? 0));
  return values.map((value) => (value === 0 ? "0" : decimal(value, decimals)));
}

const SYMBOL: Readonly<Record<string, string>> = { EUR: "€", USD: "$", GBP: "£" };

/** "€ 81.40", "€ 12 345": cents only while they matter. */
export function money(value: Micros, currency: string): string {
  const symbol = SYMBOL[currency] ?? currency;
  const decimals = Math.abs(value) < 1_000_000_000 ? 2 : 0;
  return `${symbol}${HARD_SPACE}${decimal(Number(formatMoney(value, 6)), decimals)}`;
}

/** A price for one unit: "€ 0.03", as many decimals as it has. */
export function price(value: Micros, currency: string): string {
  const exact = formatMoney(value, 6).replace(/(\.\d\d\d*?)0+$/, "$1");
  return `${SYMBOL[currency] ?? currency}${HARD_SPACE}${exact}`;
}

/** "5 min", "12 h", "15.5 days". */
export function duration(milliseconds: number): string {
  const [size, unit] =
    milliseconds >= 2 * DAY_MS
      ? [DAY_MS, "days"]
      : milliseconds >= 2 * HOUR_MS
        ? [HOUR_MS, "h"]
        : milliseconds >= MINUTE_MS
          ? [MINUTE_MS, "min"]
          : [1000, "s"];
  return `${Number((milliseconds / size).toFixed(1))}${HARD_SPACE}${unit}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** "14 Aug 2013", UTC. */
export function date(atMs: number): string {
  const at = new Date(atMs);
  return [at.getUTCDate(), MONTHS[at.getUTCMonth()], at.getUTCFullYear()].join(HARD_SPACE);
}

/** "Wed 14", UTC. */
export function weekday(atMs: number): string {
  const at = new Date(atMs);
  return `${DAYS[at.getUTCDay()]}${HARD_SPACE}${at.getUTCDate()}`;
}

/** "03:10", UTC. */
export function clockTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}

/** "1 VM", "297 VMs". */
export function count(number: number, one: string): string {
  return `${decimal(number, 0)}${HARD_SPACE}${number === 1 ? one : `${one}s`}`;
}
