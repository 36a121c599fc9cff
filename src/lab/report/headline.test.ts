import { expect, test } from "vitest";
import type { PolicyScore, ResourceScore } from "../../model/scorecard.ts";
import { conditions, headline, plainText, verdictSentence } from "./headline.ts";
import { aResourceScore, aScorecard } from "./scorecard.arbitrary.ts";
import { verdictOf } from "./verdict.ts";

function score(needs: Readonly<Record<string, number | null>>): ResourceScore {
  const some = aResourceScore("cpu").policies["headroom"] as PolicyScore;
  const policies = Object.entries(needs).map(([name, value]) => [
    name,
    { ...some, title: name, at: { "0.01": value } },
  ]);
  return { policies: Object.fromEntries(policies), forecast: null, usedMean: 10, fixedMean: 205 };
}

function sentence(needs: Readonly<Record<string, number | null>>): string {
  const text = plainText(verdictSentence({ resource: "cpu", verdict: verdictOf(score(needs), 0.01), target: 0.01 }));
  return text.replaceAll("\u00a0", " ");
}

test("the headline is about CPU: ours, the best peer, fixed sizes", () => {
  const cpu = score({ headroom: 1.19, vpa: 3.05, autopilot: 1.55, reactive: null, oracle: 1 });
  const text = plainText(headline(aScorecard({ resources: { memory: aResourceScore("memory"), cpu } })));
  expect(text.replaceAll("\u00a0", " ")).toBe(
    "Headroom holds 1.19 cores for each one used. The best peer needs 1.55, fixed sizes 20.5.",
  );
});

test("without CPU it is about the first resource, and without any it says so", () => {
  const memory = plainText(headline(aScorecard({ resources: { memory: aResourceScore("memory") } })));
  expect(memory).toContain("GiB for each one used");
  expect(plainText(headline(aScorecard({ resources: {} })))).toBe("The trace holds nothing that could be scored.");
});

test("a miss is told as plainly as a hit", () => {
  expect(sentence({ headroom: null, vpa: 3 })).toBe(
    "No setting of Headroom was short in just 1 % of intervals here: see its frontier. The best peer needs 3.00, fixed sizes 20.5.",
  );
  expect(sentence({ headroom: 1.2, reactive: null })).toBe(
    "Headroom holds 1.20 cores for each one used. No peer gets there, fixed sizes hold 20.5.",
  );
  expect(sentence({ headroom: 1.2 })).toBe("Headroom holds 1.20 cores for each one used. Fixed sizes hold 20.5.");
  expect(sentence({ vpa: 3 })).toBe("The best peer needs 3.00, fixed sizes 20.5.");
  expect(sentence({ "headroom-each": 1.46, vpa: 3 })).toContain("Headroom holds 1.46 cores");
});

test("the conditions name the safety, the fleet and the scored days, in UTC", () => {
  expect(conditions(aScorecard()).replaceAll("\u00a0", " ")).toBe(
    "All at the same safety: short in 1 % of intervals. 120 VMs on 3 hosts, 14 days that no model saw " +
      "(15 Mar 2026 to 28 Mar 2026, UTC), decided anew every 5 min.",
  );
});
