// The published figures of trivial forecasts on the anchors' series: our definitions are theirs, or these would differ.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readSeriesFile } from "../../src/adapters/series-files/series-file.ts";
import { MODELS } from "../../src/forecast/models/registry.ts";
import { evaluatePanel, type SeriesSkill } from "../../src/lab/evaluate/evaluate-panel.ts";
import { skillOf } from "../../src/lab/evaluate/skill-table.ts";
import { targetsOf } from "../../src/lab/evaluate/targets.ts";

const ANCHORS = resolve("../shared/data/forecast-anchors");
const HAS_ANCHORS = existsSync(`${ANCHORS}/manifest.json`);
const REASON = `the anchors' series are not at ${ANCHORS}, and they are no part of the repository`;
if (!HAS_ANCHORS) process.stderr.write(`SKIPPED, published forecast figures: ${REASON}\n`);

interface AnchorSeries {
  readonly file: string;
  readonly id: string;
  readonly group: string;
  readonly origins: readonly number[];
  readonly season: number;
}

const TARGETS = ["30m", "30m-peak", "24h"];
const LEVELS = [0.1, 0.5, 0.8, 0.9, 0.95, 0.99] as const;

async function skillsOf(model: string): Promise<SeriesSkill[]> {
  const { series } = JSON.parse(readFileSync(`${ANCHORS}/manifest.json`, "utf8")) as { series: AnchorSeries[] };
  const skills: SeriesSkill[] = [];
  for (const { file, id, origins, season } of series.filter(({ group }) => group === "vm")) {
    const read = await readSeriesFile(`${ANCHORS}/${file}`);
    if (!read.ok) throw new Error(read.error.message);
    const { grid, values } = read.value.series;
    const targets = targetsOf(grid.stepMs, ["30m", "24h"]).filter(({ name }) => TARGETS.includes(name));
    const one = { name: id, group: "", grid, values, events: [] };
    const panel = { series: [one], origins, targets, seasonTicks: season };
    const made = MODELS[model]?.make("grid");
    if (made !== undefined) skills.push(...evaluatePanel(panel, made, { levels: LEVELS, withEvents: false }));
  }
  return skills;
}

test("seasonal naive and the last 24 hours score on 40 VMs what was published for them", async (context) => {
  context.skip(!HAS_ANCHORS, REASON);
  const [reference, window] = [await skillsOf("seasonal-naive"), await skillsOf("window-24h")];
  const figures = (skills: SeriesSkill[]) =>
    TARGETS.map((target) => {
      const of = (all: SeriesSkill[]) => all.filter((skill) => skill.target === target);
      const { wql, relative, coverage } = skillOf({ skills: of(skills), reference: of(reference), ticks: "all" });
      return [wql.toFixed(3), relative.toFixed(2), coverage[3]?.observed.toFixed(2)];
    });
  expect(figures(reference)).toEqual([
    ["0.347", "1.00", "0.90"],
    ["0.277", "1.00", "0.90"],
    ["0.381", "1.00", "0.89"],
  ]);
  expect(figures(window)).toEqual([
    ["0.339", "1.02", "0.88"],
    ["0.299", "1.07", "0.87"],
    ["0.483", "1.15", "0.86"],
  ]);
});
