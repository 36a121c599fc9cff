import fc from "fast-check";
import { expect, test } from "vitest";
import { RESOURCES } from "../model/resources.ts";
import { instant } from "../model/time.ts";
import { parsePriceBook } from "./parse-price-book.ts";
import { premiumAt, succeed, versionAt } from "./price-book.ts";
import { A_BOOK, A_VERSION, aBook } from "./pricing.arbitrary.ts";

const at = (text: string) => instant(Date.parse(text));
const NEXT = { ...A_VERSION, id: "2026-07", validFrom: "2026-07-01T00:00:00Z", burst: { cpu: 0.07 } };

function messageOf(book: unknown): string {
  const parsed = parsePriceBook(book);
  return parsed.ok ? "it worked" : parsed.error.message;
}

test("prices become whole micro-units; what is left out costs nothing", () => {
  const [version] = aBook().versions;
  expect(version?.plans.predictive.leased).toEqual({ cpu: 16_000, memory: 2_000, network: 1_000, storage: 500 });
  expect(version?.plans.standard.leased).toEqual({ cpu: 0, memory: 0, network: 0, storage: 0 });
  const given = { ...A_BOOK, versions: [{ ...A_VERSION, burst: { cpu: "0.07", memory: 1e-6, network: 1_000_000 } }] };
  expect(aBook(given).versions[0]?.burst).toEqual({ cpu: 70_000, memory: 1, network: 1e12, storage: 0 });
});

test("every price with six decimals is taken to the last digit", () => {
  const law = fc.property(fc.integer({ min: 0, max: 1e11 }), fc.constantFrom(...RESOURCES), (micro, resource) => {
    const text = `${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, "0")}`;
    for (const price of [text, Number(text)]) {
      const book = aBook({ ...A_BOOK, versions: [{ ...A_VERSION, burst: { [resource]: price } }] });
      expect(book.versions[0]?.burst[resource]).toBe(micro);
    }
  });
  fc.assert(law, { seed: 1 });
});

test("what is wrong is said with the name of its field", () => {
  const broken = (change: object) => messageOf({ ...A_BOOK, versions: [{ ...A_VERSION, ...change }] });
  expect(messageOf(7)).toBe("price book: expected an object with issuer, currency, versions, got 7.");
  expect(messageOf({ ...A_BOOK, currency: "euro" })).toContain("price book.currency: expected");
  expect(messageOf({ ...A_BOOK, versions: [] })).toContain("price book.versions: expected at least one");
  expect(broken({ validFrom: "2026-01-01T00:30:00Z" })).toContain("versions[0].validFrom: expected a whole hour");
  expect(broken({ validTo: "2025-01-01T00:00:00Z" })).toContain("versions[0].validTo: expected a time after");
  expect(broken({ plans: { ...A_VERSION.plans, dedicated: undefined } })).toContain("plans.dedicated: expected");
  expect(broken({ burst: { cpu: -1 } })).toContain("burst.cpu: expected a price");
  expect(broken({ burst: { cpu: 0.0000001 } })).toContain("six decimals at most");
  expect(broken({ burst: { disk: 1 } })).toContain('there is no field "disk"');
  expect(broken({ tiers: { silverFrom: 0.4, goldFrom: 0.2 } })).toContain("tiers.goldFrom: expected more");
  expect(broken({ credits: { steps: [{ below: 0.9 }] } })).toContain("credits.steps[0].credit: expected");
  expect(messageOf({ ...A_BOOK, versions: [NEXT, A_VERSION] })).toContain("each to begin after the one before");
});

test("garbage is refused in a sentence and never throws", () => {
  const law = fc.property(fc.anything(), fc.anything(), (whole, part) => {
    for (const book of [
      whole,
      { ...A_BOOK, versions: [{ ...A_VERSION, plans: part }] },
      { ...A_BOOK, versions: part },
    ]) {
      const parsed = parsePriceBook(book);
      if (!parsed.ok) expect(parsed.error.message).toMatch(/^price book/);
    }
  });
  fc.assert(law, { seed: 1 });
});

test("a version is in force from its hour until the next one begins, or until it ends", () => {
  const book = aBook({ ...A_BOOK, versions: [A_VERSION, { ...NEXT, validTo: "2026-08-01T00:00:00Z" }] });
  const idAt = (text: string) => versionAt(book, at(text))?.id;
  expect(["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-06-30T23:00:00Z"].map(idAt)).toEqual([
    undefined,
    "2026-01",
    "2026-01",
  ]);
  expect(["2026-07-01T00:00:00Z", "2026-07-31T23:00:00Z", "2026-08-01T00:00:00Z"].map(idAt)).toEqual([
    "2026-07",
    "2026-07",
    undefined,
  ]);
});

test("the premium is that of the highest level reached", () => {
  const plan = aBook().versions[0]?.plans.predictive;
  expect([0.9, 0.99, 0.999].map((level) => plan && premiumAt(plan, level).cpu)).toEqual([20_000, 40_000, 40_000]);
});

test("what was rated stays as it was; what is to come can be changed", () => {
  const before = aBook();
  const ratedUntil = at("2026-06-15T00:00:00Z");
  const kindOf = (next: unknown) => {
    const changed = succeed(before, { next: aBook(next), ratedUntil });
    return changed.ok ? "ok" : changed.error.kind;
  };
  expect(kindOf({ ...A_BOOK, versions: [A_VERSION, NEXT] })).toBe("ok");
  expect(kindOf({ ...A_BOOK, versions: [{ ...A_VERSION, validTo: "2026-07-01T00:00:00Z" }] })).toBe("ok");
  expect(kindOf({ ...A_BOOK, versions: [NEXT] })).toBe("conflict");
  expect(kindOf({ ...A_BOOK, currency: "USD" })).toBe("conflict");
  expect(kindOf({ ...A_BOOK, versions: [{ ...A_VERSION, burst: { cpu: 0.05 } }] })).toBe("conflict");
  expect(kindOf({ ...A_BOOK, versions: [{ ...A_VERSION, validTo: "2026-06-01T00:00:00Z" }] })).toBe("conflict");
  const inThePast = { ...NEXT, validFrom: "2026-06-14T23:00:00Z" };
  expect(kindOf({ ...A_BOOK, versions: [A_VERSION, inThePast] })).toBe("conflict");
});
