// The configuration of the service: what was typed goes before the environment, that before the file, that before the defaults.
import { readFileSync } from "node:fs";
import { Value } from "typebox/value";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { failure, type Result, success } from "../../model/result.ts";
import { ServeConfig } from "./serve-config.ts";

export interface ConfigSources {
  /** YAML or JSON. */
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly typed: Readonly<Record<string, unknown>>;
}

const FILE_BYTES_MAX = 1_000_000;

/** "bad-input": says which setting is wrong, where it was set, and what it may be. */
export function readConfig({ file, environment, typed }: ConfigSources): Result<ServeConfig> {
  const fromFile = file === undefined ? success({}) : readFile(file);
  if (!fromFile.ok) return fromFile;
  const fromEnvironment = readEnvironment(environment);
  const said = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
  const origins = new Map<string, string>([
    ...Object.keys(fromFile.value).map((name) => [name, file ?? ""] as const),
    ...Object.keys(fromEnvironment).map((name) => [name, variableOf(name)] as const),
    ...Object.keys(said).map((name) => [name, `--${name}`] as const),
  ]);
  const whole = Value.Default(ServeConfig, { ...fromFile.value, ...fromEnvironment, ...said });
  const [fault] = Value.Errors(ServeConfig, whole);
  if (fault === undefined) return success(whole as ServeConfig);
  return failure("bad-input", sentenceOf(fault, origins));
}

function readFile(path: string): Result<Record<string, unknown>> {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length > FILE_BYTES_MAX)
      return failure("bad-input", `${path} is larger than 1 MB: that is no configuration.`);
    const value: unknown = parseYaml(text, { maxAliasCount: 10 });
    if (value === null || value === undefined) return success({});
    if (typeof value === "object" && !Array.isArray(value)) return success(value as Record<string, unknown>);
    return failure("bad-input", `${path} should be settings by name, like "port: 8710".`);
  } catch (error) {
    if (error instanceof YAMLParseError) return failure("bad-input", `${path}: ${error.message.split("\n")[0]}`);
    return failure("bad-input", `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** HEADROOM_TICK_SECONDS for tickSeconds, of all settings that are one word or number; DATABASE_URL for the database. */
/** Settings with parts: no variable says them. */
export const FILE_ONLY: readonly string[] = ["oidc", "usageStream"];

function readEnvironment(environment: ConfigSources["environment"]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(ServeConfig.properties)) {
    const text = environment[variableOf(name)];
    if (text === undefined || text === "" || FILE_ONLY.includes(name)) continue;
    const isNumber = "type" in schema && (schema.type === "integer" || schema.type === "number");
    settings[name] = isNumber && text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
  }
  return settings;
}

export function variableOf(name: string): string {
  if (name === "database") return "DATABASE_URL";
  return `HEADROOM_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
}

/** A setting that the schema does not have is said to match "false". */
function sentenceOf({ keyword, instancePath, message }: Fault, origins: ReadonlyMap<string, string>): string {
  const path = instancePath.slice(1).replaceAll("/", ".");
  const where = origins.get(path.split(".")[0] ?? "") ?? "The configuration";
  if (keyword !== "boolean") return `${where}: ${path} ${message}.`;
  const known = Object.keys(ServeConfig.properties).join(", ");
  return `${where}: there is no setting ${path}. Known are ${known}.`;
}
