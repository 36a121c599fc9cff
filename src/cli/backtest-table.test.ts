import { expect, test } from "vitest";
import { backtestLines } from "./backtest-table.ts";
import type { BacktestSummary, PolicySummary } from "./commands.ts";

function policy(changes: Partial<PolicySummary> & { readonly unserved?: number }): PolicySummary {
  const { unserved = 0.005 } = changes;
  const worst = { p95: 0.031, max: 0.062 };
  const measured = { knob: 1, violations: 0.01, late: 0.015, reservedPerUsed: 1, slack: 0.2, churn: 12.4, worst };
  return { title: "A policy", role: "peer", needs: [1.5, 1.6], nearest: { ...measured, unserved }, ...changes };
}

/** Small and made up. */
const SUMMARY: BacktestSummary = {
  headline: "Headroom holds 1.19\u00a0cores for each one used. The best peer needs 1.55, fixed sizes 20.5.",
  conditions: "All at the same safety: short in 1\u00a0% of intervals. 4\u00a0VMs on 1\u00a0host, 2\u00a0days, UTC.",
  compared: ["1\u00a0%", "0.5\u00a0%"],
  resources: [
    {
      title: "CPU",
      unit: "core",
      policies: [
        policy({ title: "Headroom", role: "ours", needs: [1.19, 1.28] }),
        policy({ title: "Autopilot, moving window peak", needs: [1.55, 1.7], unserved: 0.123 }),
        policy({ title: "Target tracking", needs: [null, null], unserved: 0.00001 }),
        policy({ title: "Fixed sizes", role: "fixed", needs: [20.49, 20.49], unserved: 0, nearest: null }),
      ],
    },
  ],
  savings: "Against fixed sizes it saves €\u00a01\u202f234 a month.",
  repairs: ["3 rows were left out."],
};

const PLAIN = { columns: 80, isRich: false };

test("at 80 columns everything is there, in ASCII", () => {
  expect(backtestLines(SUMMARY, PLAIN).join("\n")).toMatchInlineSnapshot(`
    "Headroom holds 1.19 cores for each one used. The best peer needs 1.55, fixed
    sizes 20.5.
    All at the same safety: short in 1 % of intervals. 4 VMs on 1 host, 2 days, UTC.

    CPU                                             not served  worst  VM at changes
    reserved per core used, short in   1%   0.5% served   late     VM    p95   a day
    Headroom        ###########      1.19   1.28  0.50%  1.50%  6.20%  3.10%      12
    Autopilot       ##############   1.55   1.70  12.3%  1.50%  6.20%  3.10%      12
    Target tracking                 never  never <0.01%  1.50%  6.20%  3.10%      12
    Fixed sizes     ############//   20.5   20.5

    From the third column on: at the setting nearest to the service level, fixed
    sizes as they are. Not served, late: of demand. Worst VM, VM at p95: of its
    intervals, in the worst VM and in the one that 95 in 100 are better than.

    Against fixed sizes it saves EUR 1 234 a month.

    In the input: 3 rows were left out."
  `);
});

test("no line is wider than the terminal, and what is narrow loses the last columns first", () => {
  for (const columns of [60, 72, 80, 100, 200]) {
    for (const isRich of [false, true]) {
      const lines = backtestLines(SUMMARY, { columns, isRich }).map(withoutStyle);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 120));
      expect(lines.join("\n")).toMatch(/Headroom.+1\.19 +1\.28/);
    }
  }
  expect(backtestLines(SUMMARY, { ...PLAIN, columns: 60 }).join("\n")).not.toContain("changes");
});

test("where nobody looks at a screen there is neither colour nor anything beyond ASCII", () => {
  expect(backtestLines(SUMMARY, PLAIN).join("\n")).toMatch(/^[\n\x20-\x7e]*$/);
  const rich = backtestLines(SUMMARY, { columns: 80, isRich: true }).join("\n");
  expect(rich).toContain("\u001b[");
  expect(rich).toContain("█");
});

test("without anything scored there are only the sentences", () => {
  expect(backtestLines({ ...SUMMARY, resources: [], savings: null, repairs: [] }, PLAIN)).toHaveLength(3);
});

function withoutStyle(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are control sequences
  return line.replace(/\u001b\[\d+m/g, "");
}
