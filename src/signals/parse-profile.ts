// Profiles from outside (API, files) become WorkloadProfiles, or a sentence that names the field and what to do.

import { type FieldReader, fieldReader, shown } from "../model/field-reader.ts";
import { WORKLOAD_CLASSES } from "../model/fleet.ts";
import {
  type DeclaredDemand,
  declaredDemand,
  HOURS_A_WEEK,
  type PlannedChange,
  SCALING_KINDS,
  type WorkloadProfile,
} from "../model/profile.ts";
import { RESOURCES, type Resource, UNIT_NAME } from "../model/resources.ts";
import type { Result } from "../model/result.ts";
import { type Instant, instant } from "../model/time.ts";

const PROFILE_FIELDS = [
  "workloadClass",
  "scaling",
  "utcOffsetMinutes",
  "demand",
  "growthPerMonth",
  "declaredAt",
  "plannedChanges",
] as const;

const HOURS_A_DAY = 24;
const WORKING_DAYS = 5;
const DEMAND_MAX = 1e18;
const CHANGES_MAX = 100;
/** Time zones reach from UTC-12 to UTC+14. */
const OFFSET_RANGE = { min: -12 * 60, max: 14 * 60, of: "minutes" };

export interface ProfileOrigin {
  /** Where the profile stands, for messages: "profile of workload web". */
  readonly where: string;
  /** When it was received: growth counts from here unless it says `declaredAt`. */
  readonly receivedAt: Instant;
}

/**
 * Fields as in WorkloadProfile, all of them optional. `demand` has `typical` and `peak` by resource in base units, each as one
 * number, as 24 (hours of a day), as 168 (hours of a week, Monday 00:00 first) or as { weekday: 24, weekend: 24 }; `peak` left out
 * is `typical`. Fails with "bad-input".
 */
export function parseProfile(value: unknown, { where, receivedAt }: ProfileOrigin): Result<WorkloadProfile> {
  const read = fieldReader(value, where, PROFILE_FIELDS);
  const workloadClass = read.oneOf("workloadClass", WORKLOAD_CLASSES);
  const scaling = read.oneOf("scaling", SCALING_KINDS) ?? "vertical";
  const utcOffsetMinutes = read.number("utcOffsetMinutes", OFFSET_RANGE) ?? 0;
  const growthPerMonth = read.number("growthPerMonth", { min: -0.9, max: 3, of: "a share (0.05 = 5 %)" }) ?? 0;
  const declaredAt = read.instant("declaredAt") ?? receivedAt;
  const demand = readDemand(read.fields("demand", RESOURCES));
  const plannedChanges = read.each("plannedChanges", CHANGES_MAX, ["at", "factor"]).map(readChange);
  return read.finish(() => ({
    ...(workloadClass === undefined ? {} : { workloadClass }),
    scaling,
    utcOffsetMinutes,
    demand,
    growthPerMonth,
    declaredAt,
    plannedChanges: plannedChanges.toSorted((left, right) => left.at - right.at),
  }));
}

function readChange(read: FieldReader): PlannedChange {
  const at = read.instant("at");
  const factor = read.number("factor", { min: 0, max: 1000, of: "a factor" });
  if (at === undefined) read.refuse("at", "when the change happens");
  if (factor === undefined) read.refuse("factor", "what demand is multiplied with from then on");
  return { at: at ?? instant(0), factor: factor ?? 1 };
}

function readDemand(read: FieldReader | undefined): Partial<Record<Resource, DeclaredDemand>> {
  const demand: Partial<Record<Resource, DeclaredDemand>> = {};
  for (const resource of RESOURCES) {
    const levels = read?.fields(resource, ["typical", "peak"]);
    const declared = levels === undefined ? undefined : readLevels(levels, UNIT_NAME[resource]);
    if (declared !== undefined) demand[resource] = declared;
  }
  return demand;
}

function readLevels(read: FieldReader, unit: string): DeclaredDemand | undefined {
  const typical = readHours(read, { name: "typical", unit });
  const peak = read.value("peak") === undefined ? typical : readHours(read, { name: "peak", unit });
  if (typical === undefined || peak === undefined) {
    if (typical === undefined) read.refuse("typical", formsText(unit));
    return undefined;
  }
  const hour = peak.findIndex((level, at) => level < (typical[at] as number));
  if (hour < 0) return declaredDemand({ typical, peak });
  read.refuse("peak", `at least the typical demand, which is ${typical[hour]} in hour ${hour} of the week`);
  return undefined;
}

/** [168], or undefined after a note of what is wrong. */
function readHours(
  read: FieldReader,
  { name, unit }: { readonly name: string; readonly unit: string },
): Float64Array | undefined {
  const given = read.value(name);
  const hours = isByDay(given) ? weekOf(given) : given;
  const list = Array.isArray(hours) ? hours : [hours];
  const isWhole = [1, HOURS_A_DAY, HOURS_A_WEEK].includes(list.length);
  const wrong = list.findIndex((level) => !(typeof level === "number" && level >= 0 && level <= DEMAND_MAX));
  if (isWhole && wrong < 0) return Float64Array.from({ length: HOURS_A_WEEK }, (_, hour) => list[hour % list.length]);
  const where = Array.isArray(hours) && isWhole ? `; number ${wrong} of the list is ${shown(list[wrong])}` : "";
  read.refuse(name, `${formsText(unit)}${where}`);
  return undefined;
}

interface ByDay {
  readonly weekday: readonly unknown[];
  readonly weekend: readonly unknown[];
}

function isByDay(given: unknown): given is ByDay {
  if (typeof given !== "object" || given === null || Object.keys(given).length !== 2) return false;
  const { weekday, weekend } = given as Partial<Record<"weekday" | "weekend", unknown>>;
  return [weekday, weekend].every((hours) => Array.isArray(hours) && hours.length === HOURS_A_DAY);
}

function weekOf({ weekday, weekend }: ByDay): readonly unknown[] {
  return Array.from({ length: HOURS_A_WEEK / HOURS_A_DAY }, (_, day) =>
    day < WORKING_DAYS ? weekday : weekend,
  ).flat();
}

function formsText(unit: string): string {
  return `${unit} from 0 up: one number, 24 for a day, 168 for a week from Monday 00:00, or { weekday: 24, weekend: 24 }`;
}
