import { expect, test } from "vitest";
import { RESOURCES } from "../../model/resources.ts";
import { NO_REPAIRS } from "../../model/trace.ts";
import { ASSUMED_PRICES } from "../../pricing/price-list.ts";
import { type ReportInput, renderReport } from "./page.ts";
import { savingsOf } from "./savings-card.ts";
import { aPicture, aScorecard } from "./scorecard.arbitrary.ts";
import { verdictOf } from "./verdict.ts";

function report(changes: Partial<ReportInput> = {}): string {
  const pictures = [aPicture({ vm: "web-1", resource: "cpu", size: 4, ticks: 700 })];
  const command = "headroom backtest trace.csv";
  return renderReport({ scorecard: aScorecard(), pictures, prices: ASSUMED_PRICES, command, ...changes });
}

test("a VM called <script> is only a strange name", () => {
  const vm = `<script>alert(1)</script>" onload="x`;
  const scorecard = aScorecard();
  const trace = { ...scorecard.trace, name: "<img src=x>" };
  const page = report({
    scorecard: { ...scorecard, trace },
    pictures: [{ ...aPicture({ vm, resource: "cpu", size: 2, ticks: 50 }), host: "<b>" }],
    command: "headroom backtest '</pre><script>'",
  });
  expect(page).not.toMatch(/<script|<img|<b>&|onload="/);
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(page).toContain("&lt;/pre&gt;");
});

test("nothing outside is asked for", () => {
  const page = report();
  expect(page).not.toMatch(/(src|href)="(?!#)/);
  expect(page).not.toMatch(/url\((?!#|data:)|@import/);
  expect(page).toContain("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; font-src data:");
});

test("every resource has its frontier, bars and tables; one that was not recorded has none", () => {
  const page = report();
  for (const resource of RESOURCES) expect(page).toContain(`<h2 class="part" id="${resource}">`);
  expect(page.match(/class="chart frontier"/g)).toHaveLength(4);
  const { cpu } = aScorecard().resources;
  const alone = report({ scorecard: aScorecard({ resources: cpu === undefined ? {} : { cpu } }) });
  expect(alone.match(/class="chart frontier"/g)).toHaveLength(1);
  expect(alone).not.toContain(`id="memory"`);
});

test("no number is unknown, undefined or endless", () => {
  const gappy = aPicture({ vm: "gappy", resource: "memory", size: 2 ** 30, ticks: 700 });
  const demand = gappy.demand.map((value, tick) => (tick % 90 < 30 ? Number.NaN : value));
  const empty = { ...gappy, demand: [], allocation: [], low: [], likely: [], high: [] };
  const page = report({ pictures: [{ ...gappy, demand }, empty, { ...gappy, demand: demand.fill(Number.NaN) }] });
  expect(page.slice(page.indexOf("</style>"))).not.toMatch(/NaN|undefined|Infinity|\[object/);
});

test("repairs are told, and nothing when there was nothing", () => {
  expect(report()).toContain("intervals in short gaps had no sample");
  const scorecard = aScorecard();
  const clean = { ...scorecard, trace: { ...scorecard.trace, repairs: { ...NO_REPAIRS, rowsRead: 10 } } };
  expect(report({ scorecard: clean })).toContain("Nothing: every row was taken as it was.");
});

test("prices are stated as an assumption wherever money is shown", () => {
  const page = report();
  const card = page.slice(page.indexOf('id="savings"'), page.indexOf('id="all"'));
  expect(card).toContain(ASSUMED_PRICES.basis.replaceAll("'", "&#39;"));
  expect(card).toContain("€\u00a00.03 for a core");
});

test("savings compare the fixed sizes with what ours holds at equal safety", () => {
  const { cpu } = aScorecard().resources;
  if (cpu === undefined) throw new Error("the made-up scorecard has CPU");
  const [line] = savingsOf(aScorecard({ resources: { cpu } }), ASSUMED_PRICES).lines;
  expect(line?.fixed).toBe(cpu.fixedMean);
  expect(line?.reserved).toBe(cpu.usedMean * (verdictOf(cpu, 0.01).ours ?? 0));
});

test("all together, fixed sizes and the bound are there, though never short in 1 % of intervals", () => {
  const page = report();
  const card = page.slice(page.indexOf('id="all"'), page.indexOf('id="cpu"'));
  expect(card).toMatch(/Oracle: 1\.0\d"/);
  expect(card).toMatch(/Fixed sizes: 26\.2"/);
});

test("equal input gives equal bytes", () => {
  expect(report()).toBe(report());
});
