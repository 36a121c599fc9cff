// The table of settings in docs/operating.md, made from the schema. A test holds that the page has it as it is here.
import type { TSchema } from "typebox";
import { FILE_ONLY, variableOf } from "./read-config.ts";
import { ServeConfig } from "./serve-config.ts";

export function configReference(): string {
  const rows = Object.entries(ServeConfig.properties).map(([name, schema]) => {
    const variable = FILE_ONLY.includes(name) ? "" : `\`${variableOf(name)}\``;
    return `| \`${name}\` | ${variable} | ${valuesOf(schema)} | ${defaultOf(schema)} | ${descriptionOf(schema)} |`;
  });
  return ["| setting | environment | values | default | |", "|---|---|---|---|---|", ...rows].join("\n");
}

interface Described {
  readonly type?: string;
  readonly anyOf?: readonly { readonly const?: unknown }[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

function valuesOf(schema: TSchema): string {
  const { type, anyOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum, properties } = schema as Described;
  if (anyOf !== undefined) return anyOf.map(({ const: value }) => `\`${value}\``).join(", ");
  if (properties !== undefined)
    return Object.keys(properties)
      .map((name) => `\`${name}\``)
      .join(", ");
  if (minimum !== undefined) return `${minimum} to ${maximum}`;
  if (exclusiveMinimum !== undefined) return `between ${exclusiveMinimum} and ${exclusiveMaximum}`;
  return type === "string" ? "text" : (type ?? "");
}

function defaultOf(schema: TSchema): string {
  const { default: value } = schema as Described;
  return value === undefined ? "" : `\`${value}\``;
}

function descriptionOf(schema: TSchema): string {
  return (schema as Described).description ?? "";
}
