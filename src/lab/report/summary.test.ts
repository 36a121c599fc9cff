import { expect, test } from "vitest";
import { ASSUMED_PRICES } from "../../pricing/price-list.ts";
import { aScorecard } from "./scorecard.arbitrary.ts";
import { summarise } from "./summary.ts";

test("a summary says what the report says: first sentence, order and figures of the policies", () => {
  const { cpu } = aScorecard().resources;
  const summary = summarise(aScorecard({ resources: cpu === undefined ? {} : { cpu } }), ASSUMED_PRICES);
  expect(summary.headline).toContain("Headroom holds 1.19");
  expect(summary.compared).toEqual(["1\u00a0%", "0.5\u00a0%"]);
  const [first] = summary.resources;
  expect([first?.title, first?.unit]).toEqual(["CPU", "core"]);
  expect(first?.policies.map(({ role }) => role)).toEqual([
    "ours",
    "ours-each",
    ...Array.from({ length: 5 }, () => "peer"),
    "fixed",
    "bound",
  ]);
  expect(first?.policies[0]?.needs).toEqual([
    cpu?.policies["headroom"]?.at["0.01"],
    cpu?.policies["headroom"]?.at["0.005"],
  ]);
  expect(first?.policies.find(({ title }) => title === "Target tracking")?.needs).toEqual([null, null]);
  expect(summary.repairs).toHaveLength(3);
  expect(summary.savings).toMatch(/^Against fixed sizes it saves €.+ of €.+ a month, at assumed prices/);
});

test("without anything scored there is no table and nothing is saved", () => {
  expect(summarise(aScorecard({ resources: {} }), ASSUMED_PRICES)).toMatchObject({ resources: [], savings: null });
});
