// From what was typed to checked values. Every refusal says what would do.
import { InvalidArgumentError } from "commander";
import { type Instant, instant } from "../model/time.ts";

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Digits only: no sign, no exponent, no unit. */
export function wholeNumber({ from, to }: Range): (typed: string) => number {
  return (typed) => {
    const value = /^\d{1,15}$/.test(typed) ? Number(typed) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
  };
}

/** A decimal number in the range, both ends included. */
export function decimalNumber({ from, to, such }: Range & { readonly such: string }): (typed: string) => number {
  return (typed) => {
    const value = /^\d{1,15}(\.\d{1,15})?$/.test(typed) ? Number(typed) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Give a number from ${from} to ${to}, such as ${such}.`);
  };
}

/** "a,b": each one known, repeats dropped, in the order typed. */
export function namesOf(known: readonly string[]): (typed: string) => string[] {
  return (typed) => {
    const names = typed.split(",").map((name) => name.trim());
    const strange = names.find((name) => !known.includes(name));
    if (strange === undefined) return [...new Set(names)];
    throw new InvalidArgumentError(`There is no "${strange}". Choose among ${known.join(", ")}.`);
  };
}

export function pathName(typed: string): string {
  if (typed.trim() !== "") return typed;
  throw new InvalidArgumentError("Give the name of a file or folder.");
}

/** What --model is, in the help of whoever takes it. */
export const NETWORK = "trained network that is asked too: its file, or a folder of models for the one that serves";

/** Of a trained network; a name of --models is a slip of the keyboard. */
export function networkPath(modelNames: readonly string[]): (typed: string) => string {
  return (typed) => {
    if (!modelNames.includes(typed)) return pathName(typed);
    throw new InvalidArgumentError(`That is no file of a trained network; --models ${typed} names a way to forecast.`);
  };
}

export function timeValue(typed: string): Instant {
  const at = instantOf(typed);
  if (at !== undefined) return at;
  throw new InvalidArgumentError("Give a time such as 2026-03-01T00:00:00Z, or a day such as 2026-03-01.");
}

/** Each time it is given, one more; repeats dropped. */
export function oneMore(typed: string, before: readonly string[] = []): string[] {
  if (typed.trim() !== "") return [...new Set([...before, typed])];
  throw new InvalidArgumentError("Give a name.");
}

/** A day, or a day and a time in UTC or with its zone. A 31st of February is none. */
export function instantOf(typed: string): Instant | undefined {
  const [, year, month, day] =
    /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(typed) ?? [];
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return undefined;
  const zoned = /T/.test(typed) && !/(Z|[+-]\d{2}:\d{2})$/.test(typed) ? `${typed}Z` : typed;
  const milliseconds = Date.parse(zoned);
  return Number.isNaN(milliseconds) ? undefined : instant(milliseconds);
}

/** Of a service: http or https, a host, perhaps a path, and nothing else. */
export function serverUrl(typed: string): URL | undefined {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.username === "" && url.search === "" ? url : undefined;
}

export function serverAddress(typed: string): string {
  if (serverUrl(typed)) return typed;
  throw new InvalidArgumentError("Give an address such as http://127.0.0.1:8710.");
}
