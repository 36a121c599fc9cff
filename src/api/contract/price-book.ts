// The price book on the wire: as a person writes it, prices as decimals of the currency.
import { type Static, Type } from "typebox";
import { SERVICE_PLANS } from "../../model/service-plan.ts";
import { ADDRESSES } from "./addresses.ts";
import { CONFINED, OPERATOR, type Route } from "./route.ts";
import { Instant, KEPT, strict } from "./scalars.ts";

const Share = Type.Number({ minimum: 0, maximum: 1 });
const Plan = Type.Enum([...SERVICE_PLANS]);
const Price = Type.Union([
  Type.Number({ minimum: 0, maximum: 1e6 }),
  Type.String({ pattern: "^\\d{1,7}(\\.\\d{1,6})?$" }),
]);
const Rates = Type.Partial(strict({ cpu: Price, memory: Price, network: Price, storage: Price }), {
  description: "For a core, GiB, MB/s, MB/s for an hour; six decimals at most; 0 where left out.",
});
const PlanPrices = Type.Partial(
  strict({
    base: Rates,
    leased: Rates,
    used: Rates,
    premium: Type.Array(strict({ fromLevel: Share, rates: Rates }), { maxItems: 20 }),
  }),
);
const Version = strict({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  validFrom: { ...Instant, description: "A whole hour of UTC." },
  validTo: Type.Optional(Instant),
  plans: strict({ standard: PlanPrices, predictive: PlanPrices, guaranteed: PlanPrices, dedicated: PlanPrices }),
  burst: Type.Optional(Rates),
  handOver: Type.Optional(Rates),
  tiers: Type.Optional(
    Type.Partial(
      strict({ silverFrom: Share, goldFrom: Share, hysteresis: Share, discountPerSkill: Share, discountMax: Share }),
    ),
  ),
  credits: Type.Optional(
    Type.Partial(
      strict({
        plans: Type.Array(Plan, { maxItems: SERVICE_PLANS.length }),
        objective: Share,
        steps: Type.Array(strict({ below: Share, credit: Share }), { maxItems: 20 }),
      }),
    ),
  ),
});
export const PriceBookBody = strict({
  issuer: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: "Who sells." })),
  currency: Type.String({ pattern: "^[A-Z]{3}$", description: "ISO 4217." }),
  versions: Type.Array(Version, { minItems: 1, maxItems: 1000 }),
});
export type PriceBookBody = Static<typeof PriceBookBody>;
export const PriceBook = strict({ ...KEPT, ...PriceBookBody.properties });

const rate = (cpu: number) => ({ cpu, memory: cpu / 8 });

const EXAMPLE_BOOK = {
  issuer: "Meridian Hosting",
  currency: "EUR",
  versions: [
    {
      id: "2026-03",
      validFrom: "2026-01-01T00:00:00Z",
      plans: {
        standard: { base: rate(0.032) },
        predictive: {
          base: rate(0.032),
          leased: rate(0.016),
          used: rate(0.024),
          premium: [{ fromLevel: 0, rates: rate(0.04) }],
        },
        guaranteed: {
          base: rate(0.032),
          leased: rate(0.024),
          used: rate(0.024),
          premium: [{ fromLevel: 0, rates: rate(0.08) }],
        },
        dedicated: { base: rate(0.04), leased: rate(0.016), used: rate(0.024) },
      },
      burst: rate(0.064),
      handOver: rate(0.048),
      tiers: { discountPerSkill: 0.25, discountMax: 0.15 },
      credits: {
        objective: 0.999,
        steps: [
          { below: 0.99, credit: 0.25 },
          { below: 0.999, credit: 0.1 },
        ],
      },
    },
  ],
};

export const priceBookRoutes = {
  getPriceBook: {
    ...{ ...ADDRESSES.getPriceBook, tag: "pricing", scope: "read", tenant: CONFINED, versioned: true },
    summary: "Read the price book",
    response: PriceBook,
    example: { response: { id: "current", version: 1, changedAt: "2026-03-02T08:00:00.000Z", ...EXAMPLE_BOOK } },
  },
  putPriceBook: {
    ...{ ...ADDRESSES.putPriceBook, tag: "pricing", scope: "write", tenant: OPERATOR, versioned: true },
    summary: "Set the price book",
    description: "What was in force stays as it was: add versions that begin with a whole hour to come.",
    body: PriceBookBody,
    response: PriceBook,
    example: { body: EXAMPLE_BOOK },
  },
} as const satisfies Record<string, Route>;
