// The words by which an item of a feed is judged, and how much each weighs: all that the classifier knows before people correct it.
import type { ItemLabel } from "../../model/source.ts";

export interface WeighedTerm {
  /** Lower case; a phrase has spaces. */
  readonly term: string;
  readonly label: ItemLabel;
  readonly weight: number;
}

const WORDS: Readonly<Record<ItemLabel, Readonly<Record<number, string>>>> = {
  news: {
    3: "outage|breaking|went viral|goes viral|viral|data breach",
    2: "incident|disruption|degraded|down|unavailable|recall|strike|emergency|surge|record demand|sold out|stranded",
    1: "delayed|delays|investigating|warning|alert|trending|exclusive|featured|interview|review",
  },
  campaign: {
    3: "black friday|cyber monday|flash sale|% off|half price|discount|voucher|coupon",
    2: "sale|offer|offers|promo|promotion|deal|deals|giveaway|tickets|on sale|pre-order|preorder",
    1: "today only|this weekend|limited|save|free|price",
  },
  release: {
    3: "now available|release notes|launches today|general availability|new season|premiere",
    2: "launch|launches|launched|release|released|releases|upgrade|scheduled maintenance|maintenance",
    1: "announces|announced|new|version|update|beta|roadmap|feature",
  },
  nothing: {
    3: "postmortem|post-mortem|we are hiring|newsletter|obituary|correction",
    2: "resolved|hiring|careers|webinar|podcast|digest|recap|quarterly results|dividend|shareholders|completed",
    1: "opinion|tips|how to|guide|history|monitoring a fix",
  },
};

export const KNOWN_TERMS: readonly WeighedTerm[] = Object.entries(WORDS).flatMap(([label, weights]) =>
  Object.entries(weights).flatMap(([weight, terms]) =>
    terms.split("|").map((term) => ({ term, label: label as ItemLabel, weight: Number(weight) })),
  ),
);

/** Words that say nothing of what an item is about. */
export const EMPTY_WORDS: ReadonlySet<string> = new Set(
  "the and for with from that this are was were has have had not but you your our their its into about after before over more than will can all out who what when how why".split(
    " ",
  ),
);
