// From the skill of every model on every series to the report that people and programs read.
import type { EvaluatedSeries, ModelSkill, SkillFigures, SkillReport, SkillRun } from "../../model/skill-report.ts";
import { SKILL_SCHEMA } from "../../model/skill-report.ts";
import type { SeriesSkill } from "./evaluate-panel.ts";
import { type Skill, skillOf, type TickKind } from "./skill-table.ts";
import type { Target } from "./targets.ts";

/** One model on some of the series. */
interface EvaluatedRun {
  readonly model: string;
  readonly withEvents: boolean;
  readonly skills: readonly SeriesSkill[];
}

export interface Evaluation {
  /** In the order in which models are shown; runs of one model are put together. The reference is among them. */
  readonly runs: readonly EvaluatedRun[];
  readonly reference: string;
  readonly series: readonly EvaluatedSeries[];
  readonly targets: readonly Pick<Target, "name" | "title">[];
  readonly events: number;
}

export function skillReport(evaluation: Evaluation): SkillReport {
  const { reference, series, targets, events } = evaluation;
  return {
    schema: SKILL_SCHEMA,
    reference,
    series,
    events,
    targets: targets.map(({ name, title }) => ({ target: name, title, models: modelsOf(evaluation, name) })),
  };
}

function modelsOf({ runs, reference, events }: Evaluation, target: string): ModelSkill[] {
  const skillsOf = (model: string, withEvents: boolean) =>
    runs
      .filter((run) => run.model === model && run.withEvents === withEvents)
      .flatMap(({ skills }) => skills.filter((skill) => skill.target === target));
  const against = skillsOf(reference, false);
  const names = [...new Set(runs.map(({ model }) => model))];
  return names.map((model) => ({
    model,
    runs: [false, true].flatMap((withEvents): SkillRun[] => {
      const skills = skillsOf(model, withEvents);
      const figures = (ticks: TickKind) => figuresOf(skillOf({ skills, reference: against, ticks }));
      const parts = events > 0 ? { event: figures("event"), other: figures("other") } : {};
      return skills.length === 0 ? [] : [{ events: withEvents ? "with" : "without", all: figures("all"), ...parts }];
    }),
  }));
}

function figuresOf({ windows, silent, wql, relative, mase, coverage }: Skill): SkillFigures {
  return {
    windows,
    silent,
    wql: knownOrNull(wql),
    relative: knownOrNull(relative),
    mase: knownOrNull(mase),
    coverage: coverage.map(({ level, observed }) => ({ level, observed: knownOrNull(observed) })),
  };
}

function knownOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
