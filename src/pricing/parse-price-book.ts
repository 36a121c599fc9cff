// Price books from outside (API, files) become PriceBooks, or a sentence that names the field and what to do. Prices are decimals of
// the currency with six digits at most, so that each is a whole number of micro-units.
import { type FieldReader, fieldReader } from "../model/field-reader.ts";
import { type Micros, micros, NO_MONEY } from "../model/money.ts";
import { RESOURCES } from "../model/resources.ts";
import type { Result } from "../model/result.ts";
import { SERVICE_PLANS, type ServicePlan } from "../model/service-plan.ts";
import { HOUR_MS, type Instant, instant } from "../model/time.ts";
import type { CreditRules, PlanPrices, PriceBook, PriceVersion, Rates, TierRules } from "./price-book.ts";
import { NO_RATES, ratesOf } from "./price-book.ts";

const VERSIONS_MAX = 1000;
const LEVELS_MAX = 20;
const PLAN_FIELDS = ["base", "leased", "used", "premium"] as const;
const TIER_FIELDS = ["silverFrom", "goldFrom", "hysteresis", "discountPerSkill", "discountMax"] as const;
const VERSION_FIELDS = ["id", "validFrom", "validTo", "plans", "burst", "handOver", "tiers", "credits"] as const;
const SHARE = { min: 0, max: 1, of: "a share" };

/** Fields as in PriceBook; rates that are left out cost nothing. Fails with "bad-input". */
export function parsePriceBook(value: unknown, where = "price book"): Result<PriceBook> {
  const read = fieldReader(value, where, ["issuer", "currency", "versions"]);
  const issuer = read.text("issuer", 200) ?? "Headroom";
  const currency = read.text("currency", 3) ?? "";
  if (!/^[A-Z]{3}$/.test(currency)) read.refuse("currency", "an ISO 4217 code such as EUR");
  const readers = read.each("versions", VERSIONS_MAX, VERSION_FIELDS);
  if (readers.length === 0) read.refuse("versions", "at least one version");
  const versions = readers.map(readVersion);
  checkOrder(read, versions);
  return read.finish(() => ({ issuer, currency, versions }));
}

function checkOrder(read: FieldReader, versions: readonly PriceVersion[]): void {
  for (const [index, version] of versions.entries()) {
    const before = versions[index - 1];
    if (before !== undefined && version.validFrom <= before.validFrom)
      read.refuse("versions", `each to begin after the one before; ${version.id} does not`);
    if (versions.findIndex(({ id }) => id === version.id) !== index)
      read.refuse("versions", `each to have an id of its own; two are called ${version.id}`);
  }
}

function readVersion(read: FieldReader): PriceVersion {
  const id = read.text("id", 64);
  if (id === undefined) read.refuse("id", "a name for this version, such as 2026-07");
  const [validFrom, validTo] = [wholeHour(read, "validFrom"), wholeHour(read, "validTo")];
  if (validFrom === undefined) read.refuse("validFrom", "the whole hour from which it is in force");
  if (validTo !== undefined && validFrom !== undefined && validTo <= validFrom)
    read.refuse("validTo", "a time after validFrom");
  const plans = read.fields("plans", SERVICE_PLANS);
  if (plans === undefined) read.refuse("plans", `prices for ${SERVICE_PLANS.join(", ")}`);
  return {
    id: id ?? "",
    validFrom: validFrom ?? instant(0),
    ...(validTo !== undefined && { validTo }),
    plans: readPlans(plans),
    burst: readRates(read, "burst"),
    handOver: readRates(read, "handOver"),
    tiers: readTiers(read.fields("tiers", TIER_FIELDS)),
    credits: readCredits(read.fields("credits", ["plans", "objective", "steps"])),
  };
}

function wholeHour(read: FieldReader, name: string): Instant | undefined {
  const at = read.instant(name);
  if (at !== undefined && at % HOUR_MS !== 0) read.refuse(name, "a whole hour of UTC");
  return at;
}

function readPlans(read: FieldReader | undefined): Readonly<Record<ServicePlan, PlanPrices>> {
  const planOf = (plan: ServicePlan): PlanPrices => {
    const fields = read?.fields(plan, PLAN_FIELDS);
    if (read !== undefined && fields === undefined) read.refuse(plan, "its prices: base, leased, used, premium");
    return {
      base: readRates(fields, "base"),
      leased: readRates(fields, "leased"),
      used: readRates(fields, "used"),
      premium: readPremium(fields),
    };
  };
  return {
    standard: planOf("standard"),
    predictive: planOf("predictive"),
    guaranteed: planOf("guaranteed"),
    dedicated: planOf("dedicated"),
  };
}

function readPremium(read: FieldReader | undefined): PlanPrices["premium"] {
  const levels = read?.each("premium", LEVELS_MAX, ["fromLevel", "rates"]) ?? [];
  const premium = levels.map((level) => ({
    fromLevel: level.number("fromLevel", SHARE) ?? 0,
    rates: readRates(level, "rates"),
  }));
  const isAscending = premium.every(
    ({ fromLevel }, index) => index === 0 || fromLevel > (premium[index - 1]?.fromLevel ?? 0),
  );
  if (!isAscending) read?.refuse("premium", "service levels in ascending order, each once");
  return premium;
}

function readTiers(read: FieldReader | undefined): TierRules {
  const share = (name: string, otherwise: number) => read?.number(name, SHARE) ?? otherwise;
  const [silverFrom, goldFrom] = [share("silverFrom", 0.1), share("goldFrom", 0.3)];
  if (goldFrom <= silverFrom) read?.refuse("goldFrom", `more than silverFrom, which is ${silverFrom}`);
  return {
    silverFrom,
    goldFrom,
    hysteresis: share("hysteresis", 0.03),
    discountPerSkill: share("discountPerSkill", 0),
    discountMax: share("discountMax", 0),
  };
}

function readCredits(read: FieldReader | undefined): CreditRules {
  const steps = (read?.each("steps", LEVELS_MAX, ["below", "credit"]) ?? []).map((step) => ({
    below: needed(step, "below"),
    credit: needed(step, "credit"),
  }));
  const isAscending = steps.every(({ below }, index) => index === 0 || below > (steps[index - 1]?.below ?? 0));
  if (!isAscending) read?.refuse("steps", "ascending `below`, the worst first");
  return { plans: readPlanNames(read), objective: read?.number("objective", SHARE) ?? 0.999, steps };
}

function needed(read: FieldReader, name: string): number {
  const share = read.number(name, SHARE);
  if (share === undefined) read.refuse(name, "a share from 0 to 1");
  return share ?? 0;
}

function readPlanNames(read: FieldReader | undefined): readonly ServicePlan[] {
  const given = read?.value("plans");
  if (given === undefined) return ["guaranteed", "dedicated"];
  const names = Array.isArray(given) ? given : [given];
  if (!names.every((name) => SERVICE_PLANS.includes(name)))
    read?.refuse("plans", `a list of ${SERVICE_PLANS.join(", ")}`);
  return SERVICE_PLANS.filter((plan) => names.includes(plan));
}

function readRates(read: FieldReader | undefined, name: string): Rates {
  const fields = read?.fields(name, RESOURCES);
  return fields === undefined ? NO_RATES : ratesOf((resource) => readRate(fields, resource));
}

/** A million an hour: whoever asks for more has mistaken the unit. */
const RATE_MICROS_MAX = 1e12;

function readRate(read: FieldReader, name: string): Micros {
  const given = read.value(name);
  if (given === undefined) return NO_MONEY;
  const rate = decimalMicros(given);
  if (rate !== undefined && rate <= RATE_MICROS_MAX) return micros(rate);
  read.refuse(name, "a price of 0 to 1000000 for a unit and hour with six decimals at most, such as 0.0325");
  return NO_MONEY;
}

/** Read as text, since 0.07 x 1,000,000 is no whole number in floating point. */
function decimalMicros(given: unknown): number | undefined {
  if (typeof given !== "number" && typeof given !== "string") return undefined;
  const text =
    typeof given === "number" && given < 1e-6 && given > 0 ? given.toFixed(20).replace(/0+$/, "") : String(given);
  const [, whole, decimals = ""] = /^(\d{1,7})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : Number(whole) * 1e6 + Number(decimals.padEnd(6, "0"));
}
