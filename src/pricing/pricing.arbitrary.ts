// A price book that is right, in the form in which it comes in, and parsed: for tests.
import { parsePriceBook } from "./parse-price-book.ts";
import type { PriceBook } from "./price-book.ts";

const rates = (cpu: number) => ({ cpu, memory: cpu / 8, network: cpu / 16, storage: cpu / 32 });

export const A_VERSION = {
  id: "2026-01",
  validFrom: "2026-01-01T00:00:00Z",
  plans: {
    standard: { base: rates(0.032) },
    predictive: {
      base: rates(0.032),
      leased: rates(0.016),
      used: rates(0.024),
      premium: [
        { fromLevel: 0, rates: rates(0.02) },
        { fromLevel: 0.99, rates: rates(0.04) },
      ],
    },
    guaranteed: {
      base: rates(0.032),
      leased: rates(0.02),
      used: rates(0.024),
      premium: [{ fromLevel: 0, rates: rates(0.06) }],
    },
    dedicated: { base: rates(0.04), leased: rates(0.02), used: rates(0.024) },
  },
  burst: rates(0.064),
  handOver: rates(0.048),
  tiers: { silverFrom: 0.1, goldFrom: 0.3, hysteresis: 0.03, discountPerSkill: 0.25, discountMax: 0.15 },
  credits: {
    plans: ["guaranteed", "dedicated"],
    objective: 0.999,
    steps: [
      { below: 0.95, credit: 1 },
      { below: 0.99, credit: 0.25 },
      { below: 0.999, credit: 0.1 },
    ],
  },
};

export const A_BOOK = { currency: "EUR", versions: [A_VERSION] };

export function aBook(given: unknown = A_BOOK): PriceBook {
  const book = parsePriceBook(given);
  if (!book.ok) throw new Error(book.error.message);
  return book.value;
}
