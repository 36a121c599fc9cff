// Reads the fields of a value from outside one by one and remembers the first thing that is wrong with it. Never throws;
// what it returns after a problem is a stand-in that nobody gets to see.
import { failure, type Result, success } from "./result.ts";
import { type Instant, instant } from "./time.ts";

export interface FieldReader {
  /** Undefined when left out. */
  number(name: string, range: NumberRange): number | undefined;
  text(name: string, lengthMax: number): string | undefined;
  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined;
  /** ISO 8601 with Z or an offset, a date alone (00:00 UTC), or milliseconds since 1970. */
  instant(name: string): Instant | undefined;
  /** A reader of each object in a list; none when left out. */
  each(name: string, lengthMax: number, known: readonly string[]): readonly FieldReader[];
  /** A reader of an object inside; undefined when left out. */
  fields(name: string, known: readonly string[]): FieldReader | undefined;
  /** As it came. */
  value(name: string): unknown;
  /** Says that `name` is wrong: what was expected, what there is, what to do. */
  refuse(name: string, expected: string): void;
  /** The value, or the first problem. */
  finish<Value>(value: () => Value): Result<Value>;
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** "a share", "hours": what is counted. */
  readonly of?: string;
}

/** Where the first problem of a whole tree of readers is kept. */
interface Notebook {
  problem?: string;
}

export function fieldReader(value: unknown, where: string, known: readonly string[]): FieldReader {
  return readerOf({ value, where, known, notebook: {} });
}

interface ReaderInput {
  readonly value: unknown;
  readonly where: string;
  readonly known: readonly string[];
  readonly notebook: Notebook;
}

function readerOf({ value: whole, where, known, notebook }: ReaderInput): FieldReader {
  const note = (sentence: string): undefined => {
    notebook.problem ??= sentence;
    return undefined;
  };
  const isObject = typeof whole === "object" && whole !== null && !Array.isArray(whole);
  if (!isObject) note(`${where}: expected an object with ${known.join(", ")}, got ${shown(whole)}.`);
  const fields = isObject ? (whole as Readonly<Record<string, unknown>>) : {};
  const stranger = Object.keys(fields).find((name) => !known.includes(name));
  if (stranger !== undefined)
    note(`${where}: there is no field ${shown(stranger)}; use ${known.join(", ")}, and leave out the rest.`);
  const value = (name: string): unknown => (Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined);
  const refuse = (name: string, expected: string): undefined =>
    note(`${where}.${name}: expected ${expected}, got ${shown(value(name))}.`);
  const read = <Value>(name: string, expected: string, parse: (value: unknown) => Value | undefined) => {
    const given = value(name);
    return given === undefined ? undefined : (parse(given) ?? refuse(name, expected));
  };
  return {
    value,
    refuse,
    number: (name, range) => read(name, rangeText(range), (given) => numberWithin(given, range)),
    text: (name, lengthMax) => read(name, `1 to ${lengthMax} characters of text`, (given) => textOf(given, lengthMax)),
    oneOf: (name, choices) =>
      read(name, `one of ${choices.join(", ")}`, (given) => choices.find((choice) => choice === given)),
    instant: (name) => read(name, INSTANT_TEXT, parseInstant),
    each: (name, lengthMax, inner) =>
      (read(name, `a list of at most ${lengthMax}`, (given) => listOf(given, lengthMax)) ?? []).map((member, at) =>
        readerOf({ value: member, where: `${where}.${name}[${at}]`, known: inner, notebook }),
      ),
    fields: (name, inner) =>
      value(name) === undefined
        ? undefined
        : readerOf({ value: value(name), where: `${where}.${name}`, known: inner, notebook }),
    finish: (make) => (notebook.problem === undefined ? success(make()) : failure("bad-input", notebook.problem)),
  };
}

const INSTANT_TEXT =
  'a time such as "2026-11-27T08:00:00Z" (with Z or an offset), a date, or milliseconds since 1970 (1980 to 2200)';
const INSTANT_MIN = Date.UTC(1980, 0, 1);
const INSTANT_MAX = Date.UTC(2200, 0, 1);
const ISO_FORM = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Undefined for anything that does not name one instant: no zone, 30 February, seconds instead of milliseconds. */
function parseInstant(given: unknown): Instant | undefined {
  const at = typeof given === "string" ? parseIso(given) : given;
  const isInstant = typeof at === "number" && at >= INSTANT_MIN && at <= INSTANT_MAX;
  return isInstant ? instant(Math.round(at)) : undefined;
}

function parseIso(text: string): number | undefined {
  const [, year, month, day] = ISO_FORM.exec(text) ?? [];
  if (day === undefined) return undefined;
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= daysInMonth ? Date.parse(text) : undefined;
}

function numberWithin(given: unknown, { min, max }: NumberRange): number | undefined {
  return typeof given === "number" && given >= min && given <= max ? given : undefined;
}

function rangeText({ min, max, of = "a number" }: NumberRange): string {
  return `${of} from ${min} to ${max}`;
}

function textOf(given: unknown, lengthMax: number): string | undefined {
  if (typeof given !== "string" || given.length > lengthMax) return undefined;
  const text = given.trim();
  return text === "" ? undefined : text;
}

function listOf(given: unknown, lengthMax: number): readonly unknown[] | undefined {
  return Array.isArray(given) && given.length <= lengthMax ? given : undefined;
}

const SHOWN_MAX = 40;

/** Short and safe, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}...` : value);
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === undefined) return "nothing";
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
