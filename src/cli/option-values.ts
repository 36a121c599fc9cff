// From what was typed to checked values. Every refusal says what would do.
import { InvalidArgumentError } from "commander";

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
