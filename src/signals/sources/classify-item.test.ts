import { expect, test } from "vitest";
import type { ItemLabel, ItemLesson } from "../../model/source.ts";
import { classifyItem } from "./classify-item.ts";

const TOPICS = [{ name: "shop", terms: ["Meridian", "meridian shop"] }];

function verdict(title: string, { text = "", lessons = [] as readonly ItemLesson[] } = {}) {
  return classifyItem({ title, text, topics: TOPICS, lessons });
}

test.each<[string, ItemLabel]>([
  ["Meridian: flash sale, 30 % off everything", "campaign"],
  ["Breaking: outage at Meridian", "news"],
  ["Meridian app 2.0 now available", "release"],
  ["Resolved: outage at Meridian, postmortem", "nothing"],
  ["Meridian is hiring", "nothing"],
  ["Meridian", "nothing"],
  ["Flash sale at somebody else's", "nothing"],
  ["Meridiana: flash sale", "nothing"],
])("%s: %s", (title, label) => {
  expect(verdict(title).label).toBe(label);
});

test("the answer tells its words: a word in the text counts half", () => {
  const { matched, because, topic } = verdict("Meridian news", { text: "A voucher, an offer for everybody" });
  expect(matched).toEqual([
    { term: "voucher", label: "campaign", weight: 1.5 },
    { term: "offer", label: "campaign", weight: 1 },
  ]);
  expect(topic).toBe("shop");
  expect(because).toMatch(/^about shop, campaign with \d+ %: "voucher" \(campaign 1\.5\), "offer" \(campaign 1\.0\)$/);
});

test("what people say of an item changes later ones like it, and no others", () => {
  const title = "Meridian opens marathon registration";
  expect(verdict(title).label).toBe("nothing");
  const lessons = [{ text: title, label: "campaign" }] as const;
  const later = verdict("Meridian: marathon registration opens soon", { lessons });
  expect(later.label).toBe("campaign");
  expect(later.matched.map(({ term }) => term)).toContain("marathon");
  expect(verdict("Meridian changes its logo", { lessons }).label).toBe("nothing");
  const unlearned = [{ text: "Meridian flash sale newsletter", label: "nothing" }] as const;
  const before = verdict("Meridian flash sale").confidence;
  expect(verdict("Meridian flash sale", { lessons: unlearned }).confidence).toBeLessThan(before);
});
