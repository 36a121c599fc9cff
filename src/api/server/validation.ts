// What comes in is what the contract says, to the last field: bodies are taken as they are, parameters of a query are read as
// the type that the contract gives them. A fault is named with its place.
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { ID_PATTERN } from "../contract/scalars.ts";
import { apiError } from "./problems.ts";
import type { FieldError } from "./refusals.ts";

type Part = FieldError["in"];
type Checked = { readonly value: unknown } | { readonly error: Error };

const PARTS: Readonly<Record<string, Part>> = { body: "body", querystring: "query", params: "path", headers: "header" };
const ERRORS_MAX = 10;

/** For Fastify's setValidatorCompiler. */
export function validatorFor({ schema, httpPart = "body" }: { schema: unknown; httpPart?: string }) {
  const part = PARTS[httpPart] ?? "body";
  const checker = Compile(schema as TSchema);
  return (given: unknown): Checked => {
    const value = part === "query" ? readQuery(schema as ObjectSchema, given) : given;
    if (checker.Check(value)) return { value };
    const errors = fieldErrors(checker.Errors(value), part);
    const [first] = errors;
    const where = first && first.pointer !== "" ? `${first.pointer} ` : "";
    const message = first ? `${part}: ${where}${first.detail}` : `The ${part} is not as it should be`;
    return { error: apiError({ status: 400, kind: "bad-input", message, errors }) };
  };
}

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

function fieldErrors(faults: Iterable<Fault>, part: Part): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const fault of faults) {
    // It only repeats what "additionalProperties" says.
    if (fault.keyword === "boolean") continue;
    for (const pointer of pointersOf(fault)) {
      if (found.size === ERRORS_MAX) break;
      if (!found.has(pointer)) found.set(pointer, { in: part, pointer, detail: detailOf(fault) });
    }
  }
  return [...found.values()];
}

function pointersOf({ instancePath, params }: Fault): readonly string[] {
  const named = params as { readonly requiredProperties?: string[]; readonly additionalProperties?: string[] };
  const fields = named.requiredProperties ?? named.additionalProperties;
  return fields?.map((field) => `${instancePath}/${field.slice(0, SHOWN_MAX)}`) ?? [instancePath];
}

const SHOWN_MAX = 60;

function detailOf({ keyword, message, params }: Fault): string {
  switch (keyword) {
    case "required":
      return "must be given";
    case "additionalProperties":
      return "is not a field of this: leave it out";
    case "enum":
      return `must be one of ${(params as { readonly allowedValues: readonly unknown[] }).allowedValues.join(", ")}`;
    case "format":
      return TIME;
    case "pattern":
      return (params as { readonly pattern?: unknown }).pattern === ID_PATTERN ? ID : TIME;
    default:
      return message;
  }
}

const TIME = "must be a time in ISO 8601 with Z or an offset, such as 2026-11-27T08:00:00Z, from 1980 to 2199";
const ID = "must be an id: 1 to 128 letters, digits, dots, colons or dashes";

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

/** Texts become whole numbers and booleans where those are asked for; what cannot stays a text and is refused then. */
function readQuery({ properties = {} }: ObjectSchema, given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, readText(properties[name]?.type, text)]),
  );
}

function readText(type: string | undefined, text: unknown): unknown {
  if (typeof text !== "string") return text;
  if (type === "integer" && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
