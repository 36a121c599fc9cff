import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { SeriesSkill } from "./evaluate-panel.ts";
import { skillReport } from "./skill-report.ts";
import { addWindow, noSkill } from "./skill-sums.ts";
import { skillOf } from "./skill-table.ts";

/** One window in which 10 came, and so much was said at every level. */
function skill(name: string, said: number): SeriesSkill {
  const [all, event, other] = [noSkill([0.5]), noSkill([0.5]), noSkill([0.5])];
  for (const sums of [all, other]) addWindow(sums, 10, new Float64Array(LEVEL_COUNT).fill(said));
  return { series: name, group: "", target: "next", all, event, other, naiveError: 2 };
}

test("the geometric mean over series of the loss against the reference", () => {
  const reference = [skill("a", 9), skill("b", 9), skill("c", 9)];
  const of = (skills: SeriesSkill[]) => skillOf({ skills, reference, ticks: "all" });
  expect(of([skill("a", 8), skill("b", 9.5)]).relative).toBeCloseTo(1, 12);
  expect(of([skill("a", 8), skill("b", 8), skill("c", 9)]).relative).toBeCloseTo(2 ** (2 / 3), 12);
  expect(of(reference)).toMatchObject({ relative: 1, windows: 3, series: 3, silent: 0, mase: 0.5, wql: 0.1 });
});

test("series that were perfect, or silent, or are not in the reference, are not compared", () => {
  const reference = [skill("a", 9), skill("b", 10), skill("c", 9)];
  const skills = [skill("a", 8), skill("b", 9), skill("c", Number.NaN), skill("d", 1)];
  expect(skillOf({ skills, reference, ticks: "all" })).toMatchObject({ relative: 2, silent: 1 });
  expect(skillOf({ skills: [skill("d", 1)], reference, ticks: "all" }).relative).toBeNaN();
});

test("a report puts runs of one model together, events beside no events, and says null for what cannot be said", () => {
  const run = (model: string, withEvents: boolean, skills: SeriesSkill[]) => ({ model, withEvents, skills });
  const report = skillReport({
    runs: [
      run("naive", false, [skill("a", 9)]),
      run("naive", false, [skill("b", 9)]),
      run("clever", false, [skill("a", 9)]),
      run("clever", true, [skill("a", 9.5)]),
    ],
    reference: "naive",
    series: [],
    targets: [{ name: "next", title: "next tick" }],
    events: 3,
  });
  const [naive, clever] = report.targets[0]?.models ?? [];
  expect(naive?.runs).toHaveLength(1);
  expect(naive?.runs[0]?.all.windows).toBe(2);
  expect(clever?.runs.map(({ events, all }) => [events, all.relative])).toEqual([
    ["without", 1],
    ["with", 0.5],
  ]);
  expect(clever?.runs[0]?.event).toMatchObject({ windows: 0, wql: null, relative: null, mase: null });
  expect(clever?.runs[0]?.event?.coverage).toEqual([{ level: 0.5, observed: null }]);
});
