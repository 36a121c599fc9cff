import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomerId, HostId } from "../model/fleet.ts";
import { vectorOf } from "../model/resources.arbitrary.ts";
import { fits } from "../model/resources.ts";
import { type HostOffer, type PlacementQuestion, placeShadowVm } from "./placement.ts";
import { even } from "./shadow-vms.arbitrary.ts";

const acme = "acme" as CustomerId;
const other = "other" as CustomerId;

const anyVector = vectorOf(fc.nat({ max: 20 }));
const anyOffer = fc
  .record({
    dedicatedTo: fc.constantFrom(undefined, acme, other),
    spareNow: anyVector,
    spareLater: anyVector,
    alike: fc.nat({ max: 3 }),
  })
  .map(({ dedicatedTo, ...offer }) => ({ ...offer, capacity: even(20), ...(dedicatedTo && { dedicatedTo }) }));
const anyQuestion: fc.Arbitrary<PlacementQuestion> = fc
  .record({
    needs: vectorOf(fc.nat({ max: 8 })),
    customer: fc.constantFrom(undefined, acme),
    burstsIntoShared: fc.boolean(),
    /** Has hosts that offer nothing now. */
    ownsOthers: fc.boolean(),
    offers: fc.array(anyOffer, { maxLength: 8 }),
  })
  .map(({ customer, offers, ownsOthers, ...question }) => ({
    ...question,
    ...(customer && { customer }),
    owns: customer !== undefined && (ownsOthers || offers.some(({ dedicatedTo }) => dedicatedTo === customer)),
    offers: offers.map((offer, index): HostOffer => ({ ...offer, host: `host-${index}` as HostId })),
  }));

function allowed(offer: HostOffer, { needs, customer, owns, burstsIntoShared }: PlacementQuestion): boolean {
  if (!fits(needs, offer.spareNow) || !fits(needs, offer.spareLater)) return false;
  return offer.dedicatedTo === undefined ? !owns || burstsIntoShared : offer.dedicatedTo === customer;
}

test("only where there is room now and later, never in another's pool, in the own one first, apart from its like", () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      const placement = placeShadowVm(question);
      const possible = question.offers.filter((offer) => allowed(offer, question));
      if (placement.kind === "nowhere") {
        expect(possible).toEqual([]);
        expect(placement.refused.map(({ host }) => host)).toEqual(question.offers.map(({ host }) => host));
        return;
      }
      const chosen = possible.find(({ host }) => host === placement.host);
      const own = possible.filter(({ dedicatedTo }) => dedicatedTo !== undefined);
      expect(chosen).toBeDefined();
      if (own.length > 0) expect(chosen?.dedicatedTo).toBe(acme);
      const rivals = own.length > 0 ? own : possible;
      expect(chosen?.alike).toBe(Math.min(...rivals.map(({ alike }) => alike)));
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("the same host whatever order they are listed in", () => {
  fc.assert(
    fc.property(anyQuestion, (question) => {
      const turned = placeShadowVm({ ...question, offers: [...question.offers].reverse() });
      const placement = placeShadowVm(question);
      if (placement.kind === "placed") expect(turned).toEqual(placement);
    }),
    { seed: 1 },
  );
});

const offer = (name: string, part: Partial<HostOffer> = {}): HostOffer => ({
  host: name as HostId,
  capacity: even(20),
  spareNow: even(10),
  spareLater: even(10),
  alike: 0,
  ...part,
});

test("most is left over where the scarcest resource has most; a full own pool bursts only where the plan allows", () => {
  const question = { needs: even(2), customer: acme, owns: true, burstsIntoShared: true };
  const tight = offer("a", { spareLater: { ...even(20), memory: even(3).memory } });
  expect(placeShadowVm({ ...question, owns: false, offers: [tight, offer("b")] })).toMatchObject({
    host: "b",
    burst: false,
  });
  const full = offer("own", { dedicatedTo: acme, spareLater: even(1) });
  expect(placeShadowVm({ ...question, offers: [full, offer("b")] })).toEqual({
    kind: "placed",
    host: "b",
    burst: true,
  });
  expect(placeShadowVm({ ...question, burstsIntoShared: false, offers: [full, offer("b")] })).toEqual({
    kind: "nowhere",
    refused: [
      { host: "own", why: "no-room-later" },
      { host: "b", why: "own-pool-only" },
    ],
  });
});
