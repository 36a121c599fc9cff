// What is known of a trained model, in lines for people.
import { styleText } from "node:util";
import { type MemberTraining, type ModelLineage, SEASONAL_NAIVE } from "../model/model-lineage.ts";
import { type Screen, shownOn, wrapped } from "./terminal.ts";

type Page = Pick<Screen, "columns" | "isRich">;

const COLUMNS_MAX = 100;
const NAME_COLUMNS = 12;
const CURVE_ROWS_MAX = 12;

export function lineageLines(given: { lineage: ModelLineage; isServing: boolean; screen: Page }): string[] {
  const { lineage, isServing, screen } = given;
  const title = `Model ${lineage.id}${isServing ? ", which serves" : ""}`;
  return [
    screen.isRich ? styleText("bold", title, { validateStream: false }) : title,
    ...factsOf(lineage).flatMap(([name, text]) => named(name, text, screen)),
  ];
}

/** The losses of each member from look to look, the best one marked; a long run is thinned out. */
export function curveLines({ training }: ModelLineage, screen: Page): string[] {
  return training.members.flatMap((member) => [...memberCurve(member, screen), ""]).slice(0, -1);
}

function memberCurve({ curve, best }: MemberTraining, screen: Page): string[] {
  const apart = Math.ceil(curve.length / CURVE_ROWS_MAX);
  const shown = curve.filter(
    ({ step }, index) => index % apart === 0 || step === best.step || index === curve.length - 1,
  );
  const rows = shown.map(({ step, training: loss, validation }) => {
    const mark = step === best.step ? "  best: kept" : "";
    return `${String(step).padStart(9)}${loss.toFixed(4).padStart(11)}${validation.toFixed(4).padStart(12)}${mark}`;
  });
  const head = `${"step".padStart(9)}${"training".padStart(11)}${"validation".padStart(12)}`;
  return [screen.isRich ? styleText("dim", head, { validateStream: false }) : head, ...rows];
}

function factsOf({ created, featureSet, data, training, contest }: ModelLineage): [string, string][] {
  const { from, to, validationFrom, stepSeconds, vms, series } = data;
  const { members, steps, seed } = training;
  const facts: [string, string][] = [
    ["made", `${minute(created)}, seed ${seed}, features ${featureSet}`],
    ["learned from", `${data.trace}: ${vms} VMs, ${series} series, every ${stepSeconds} s`],
    ["span", `${minute(from)} to ${minute(to)}; from ${minute(validationFrom)} on only to say when to stop`],
    ...members.map((member, index): [string, string] => [
      index === 0 ? "training" : "",
      `${members.length === 1 ? "" : `network ${index + 1}: `}${trainingOf(member, steps)}`,
    ]),
  ];
  if (contest.kind === "fought") {
    const { ground, losses, series: scored, windows, opponent } = contest;
    const against = opponent === SEASONAL_NAIVE ? "" : `, ${opponent} ${losses.opponent.toFixed(4)}`;
    const naive = `the seasonal naive ${losses.seasonalNaive.toFixed(4)}`;
    facts.push(
      ["compared on", `${minute(ground.from)} to ${minute(ground.to)}: ${windows} windows of ${scored} series`],
      ["mean loss", `this model ${losses.challenger.toFixed(4)}${against}, ${naive}`],
    );
  }
  return [...facts, ["verdict", contest.reason]];
}

function trainingOf({ stepsDone, outcome, best }: MemberTraining, steps: number): string {
  const early = outcome === "finished" ? "" : ", stopped early";
  return `${stepsDone} of ${steps} steps${early}; kept step ${best.step} with validation loss ${best.validation.toFixed(4)}`;
}

function named(name: string, text: string, screen: Page): string[] {
  const width = Math.min(screen.columns, COLUMNS_MAX) - NAME_COLUMNS - 4;
  const lines = wrapped(shownOn(screen, text), Math.max(20, width));
  return lines.map((line, index) => `  ${(index === 0 ? name : "").padEnd(NAME_COLUMNS + 2)}${line}`);
}

/** "2013-08-16 12:00" */
export function minute(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
