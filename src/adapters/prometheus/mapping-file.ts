// The file in which an operator says what metrics mean here: which ready sets to use, rules of their own, and which VM is meant by
// what labels call it. YAML or JSON, one schema, and an error that says which line of it is wrong and why.
import { readFileSync } from "node:fs";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { parse as parseYaml } from "yaml";
import { RESOURCES } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { MetricMapping, MetricRule } from "./metric-rule.ts";
import { READY_SETS, type ReadySet } from "./ready-rules.ts";

const METRIC = Type.String({ minLength: 1, maxLength: 256 });
const TEMPLATE = Type.String({ minLength: 1, maxLength: 256, pattern: "\\{[^{}|]+(\\|(host|uuid))?\\}" });
const PATTERNS = Type.Record(Type.String(), Type.String({ maxLength: 1000 }));

const OwnRule = Type.Object(
  {
    metric: METRIC,
    resource: Type.Enum([...RESOURCES]),
    kind: Type.Enum(["counter", "gauge"]),
    factor: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    less: Type.Optional(METRIC),
    times: Type.Optional(METRIC),
    vm: Type.Union([TEMPLATE, Type.Array(TEMPLATE, { minItems: 1, maxItems: 10 })]),
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    where: Type.Optional(PATTERNS),
    unless: Type.Optional(PATTERNS),
  },
  { additionalProperties: false },
);

const MappingFile = Type.Object(
  {
    sets: Type.Optional(Type.Array(Type.Enum(Object.keys(READY_SETS) as ReadySet[]))),
    rules: Type.Optional(Type.Array(OwnRule, { maxItems: 1000 })),
    vms: Type.Optional(Type.Record(Type.String(), Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$" }))),
  },
  { additionalProperties: false },
);
type MappingFile = Static<typeof MappingFile>;

const FILE_BYTES_MAX = 4_000_000;

/** All ready sets, and nothing else. */
export const READY_MAPPING: MetricMapping = mappingOf({});

/** "bad-input": says what is wrong, and where in the file. */
export function readMappingFile(path: string): Result<MetricMapping> {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > FILE_BYTES_MAX) return failure("bad-input", `${path} is larger than 4 MB: that is no mapping.`);
    return readMapping(parseYaml(text, { maxAliasCount: 10 }) ?? {}, path);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return failure("bad-input", `${path}: ${why}.`);
  }
}

export function readMapping(value: unknown, where: string): Result<MetricMapping> {
  const [fault] = Value.Errors(MappingFile, value);
  if (fault !== undefined) return failure("bad-input", `${where}: ${sentenceOf(fault)}`);
  const file = value as MappingFile;
  for (const [index, rule] of (file.rules ?? []).entries())
    for (const [label, pattern] of Object.entries({ ...rule.where, ...rule.unless }))
      if (!isPattern(pattern))
        return failure(
          "bad-input",
          `${where}: rules.${index} asks ${label} to be like ${pattern}: no regular expression.`,
        );
  return success(mappingOf(file));
}

function sentenceOf({
  instancePath,
  message,
  keyword,
}: {
  instancePath: string;
  message: string;
  keyword: string;
}): string {
  const place = instancePath.slice(1).replaceAll("/", ".");
  if (keyword === "boolean")
    return `there is no setting ${place}. Known are sets, rules and vms; of a rule ${RULE_FIELDS}.`;
  const sets = place.startsWith("sets") ? ` Ready sets are ${Object.keys(READY_SETS).join(", ")}.` : "";
  return `${place === "" ? "the whole" : place} ${message}.${sets}`;
}

const RULE_FIELDS = Object.keys(OwnRule.properties).join(", ");

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Own rules go first, and a metric that has one means nothing else besides. */
function mappingOf({ sets = Object.keys(READY_SETS) as ReadySet[], rules = [], vms = {} }: MappingFile): MetricMapping {
  const own = rules.map(ownRule);
  const taken = new Set(own.map(({ metric }) => metric));
  const chosen = (Object.keys(READY_SETS) as ReadySet[]).filter((set) => sets.includes(set));
  const ready = chosen.flatMap((set) => READY_SETS[set]).filter(({ metric }) => !taken.has(metric));
  return { rules: [...own, ...ready], vms: new Map(Object.entries(vms)) };
}

function ownRule({ vm, factor = 1, source = "own", ...rule }: NonNullable<MappingFile["rules"]>[number]): MetricRule {
  return { ...rule, factor, source, vm: typeof vm === "string" ? [vm] : vm } as MetricRule;
}
