// Amounts as people type them: "cpu=4,memory=16GiB,network=100MB/s", to base units.
import { InvalidArgumentError } from "commander";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { GIBIBYTE, KIBIBYTE, MEBIBYTE } from "../model/units.ts";

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  ...{ kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KiB: KIBIBYTE, MiB: MEBIBYTE, GiB: GIBIBYTE, TiB: 1024 * GIBIBYTE },
};

/** Each resource at most once. */
export function amountsByResource(typed: string): Partial<Record<Resource, number>> {
  const amounts: Partial<Record<Resource, number>> = {};
  for (const part of typed.split(",")) {
    const [name = "", amount = "", ...rest] = part.trim().split("=");
    const resource = RESOURCES.find((each) => each === name);
    const value = resource && rest.length === 0 ? amountOf(resource, amount) : undefined;
    if (resource === undefined || value === undefined || amounts[resource] !== undefined)
      throw new InvalidArgumentError(
        `"${part.trim()}" is none. Give amounts such as cpu=4,memory=16GiB,network=100MB/s.`,
      );
    amounts[resource] = value;
  }
  return amounts;
}

function amountOf(resource: Resource, typed: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z]*(?:\/s)?)$/.exec(typed) ?? [];
  if (digits === undefined) return undefined;
  const isRate = resource === "network" || resource === "storage";
  const size = resource === "cpu" ? sizeOfCores(unit) : BYTES[isRate ? unit.replace(/\/s$/, "") || "B" : unit || "B"];
  return size === undefined ? undefined : Number(digits) * size;
}

function sizeOfCores(unit: string): number | undefined {
  return ["", "core", "cores"].includes(unit) ? 1 : undefined;
}
