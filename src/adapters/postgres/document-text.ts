// Values as JSON text and exactly back: typed arrays, Maps, Sets, bigints, NaN, infinities and -0 are written as {"$": kind, ...}.
// What JSON can say by itself stays plain JSON, so that psql and `::jsonb` can read it. Properties that are undefined are left out.
import { assert, unreachable } from "../../model/result.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Tagged =
  | { readonly $: "undefined" }
  | { readonly $: "number"; readonly is: "NaN" | "Infinity" | "-Infinity" | "-0" }
  | { readonly $: "bigint"; readonly digits: string }
  | { readonly $: "map"; readonly entries: readonly (readonly [Json, Json])[] }
  | { readonly $: "set"; readonly members: readonly Json[] }
  | { readonly $: "array"; readonly of: ArrayName; readonly base64: string }
  /** An object with a property called "$" of its own. */
  | { readonly $: "object"; readonly entries: readonly (readonly [string, Json])[] };

const ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
} as const;
type ArrayName = keyof typeof ARRAYS;

/** Throws on what is no data: functions, symbols, dates and instances of classes. */
export function toText(value: unknown): string {
  return JSON.stringify(toJson(value));
}

export function fromText(text: string): unknown {
  return fromJson(JSON.parse(text) as Json);
}

function toJson(value: unknown): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : tagged({ $: "number", is: oddName(value) });
    case "bigint":
      return tagged({ $: "bigint", digits: String(value) });
    case "undefined":
      return tagged({ $: "undefined" });
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      throw new Error(`assertion failed: a ${typeof value} is no data that can be kept`);
  }
}

function objectToJson(value: object): Json {
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (value instanceof Map)
    return tagged({ $: "map", entries: Array.from(value, ([key, each]) => [toJson(key), toJson(each)] as const) });
  if (value instanceof Set) return tagged({ $: "set", members: Array.from(value, toJson) });
  if (ArrayBuffer.isView(value)) return tagged(arrayToJson(value));
  const prototype: unknown = Object.getPrototypeOf(value);
  assert(prototype === Object.prototype || prototype === null, "only plain objects are data that can be kept");
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => [key, toJson(each)] as const);
  return entries.some(([key]) => key === "$") ? tagged({ $: "object", entries }) : Object.fromEntries(entries);
}

function arrayToJson(value: ArrayBufferView): Tagged {
  const of = Object.keys(ARRAYS).find((name): name is ArrayName => value.constructor === ARRAYS[name as ArrayName]);
  assert(of !== undefined, `a ${value.constructor.name} is no array that can be kept`);
  return { $: "array", of, base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
}

function fromJson(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  if (Object.hasOwn(json, "$")) return fromTagged(json as unknown as Tagged);
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, fromJson(each)]));
}

function fromTagged(value: Tagged): unknown {
  switch (value.$) {
    case "undefined":
      return undefined;
    case "number":
      return Number(value.is);
    case "bigint":
      return BigInt(value.digits);
    case "map":
      return new Map(value.entries.map(([key, each]) => [fromJson(key), fromJson(each)]));
    case "set":
      return new Set(value.members.map(fromJson));
    case "array":
      return new ARRAYS[value.of](new Uint8Array(Buffer.from(value.base64, "base64")).buffer);
    case "object":
      return Object.fromEntries(value.entries.map(([key, each]) => [key, fromJson(each)]));
    default:
      return unreachable(value);
  }
}

function oddName(value: number): "NaN" | "Infinity" | "-Infinity" | "-0" {
  if (Number.isNaN(value)) return "NaN";
  if (value === 0) return "-0";
  return value > 0 ? "Infinity" : "-Infinity";
}

function tagged(value: Tagged): Json {
  return value as unknown as Json;
}
