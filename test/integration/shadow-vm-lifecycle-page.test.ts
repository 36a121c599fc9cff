// The page on the life of a shadow VM says what the code does: tables cell by cell, reasons by their words, invariants by
// tests that exist.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { HAND_OVER_STATES } from "../../src/model/hand-over.ts";
import { HAND_OVER_EVENTS, HAND_OVER_REFUSALS, nextHandOverState } from "../../src/shaping/hand-over.ts";
import { LIFE_EVENTS, LIFE_STAGES, nextStage, REFUSALS } from "../../src/shaping/shadow-vm-lifecycle.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${ROOT}/docs/shadow-vm-lifecycle.md`, "utf8");
const [lifePart = "", handOverPart = ""] = page.split("## A hand-over is a life of its own");

/** Rows of all tables of a text, header rows too, without the line of dashes. */
function rowsOf(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("|") && !line.startsWith("|---"));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** All tables with events down and `columns` across (one table may have some of them), as "event/column" -> cell. */
function matrixOf(text: string, columns: readonly string[]): Map<string, string> {
  const cells = new Map<string, string>();
  let header: string[] = [];
  for (const row of rowsOf(text)) {
    if (row[0] === "event") header = row;
    if (header.length < 3 || row[0] === "event" || row.length !== header.length) continue;
    for (const [index, column] of header.entries())
      if (columns.includes(column)) cells.set(`${row[0]}/${column}`, row[index] ?? "");
  }
  return cells;
}

function shown(step: { kind: "refused"; refusal: string } | { kind: "next"; to: string }, from: string): string {
  if (step.kind === "refused") return `no: ${step.refusal}`;
  return step.to === from ? "stays" : `**${step.to}**`;
}

test("the table of a shadow VM's life, cell by cell", () => {
  const expected = new Map<string, string>();
  for (const event of LIFE_EVENTS)
    for (const stage of LIFE_STAGES) {
      const step = nextStage(stage, event);
      expected.set(`${event}/${stage}`, shown(step.kind === "next" ? { kind: "next", to: step.stage } : step, stage));
    }
  expect(expected.size).toBe(192);
  expect(matrixOf(lifePart, LIFE_STAGES)).toEqual(expected);
});

test("the table of a hand-over, cell by cell", () => {
  const expected = new Map<string, string>();
  for (const event of HAND_OVER_EVENTS)
    for (const state of HAND_OVER_STATES) {
      const move = nextHandOverState(state, event);
      expected.set(`${event}/${state}`, shown(move.kind === "next" ? { kind: "next", to: move.state } : move, state));
    }
  expect(matrixOf(handOverPart, HAND_OVER_STATES)).toEqual(expected);
});

test.each([
  ["life", lifePart, REFUSALS],
  ["hand-over", handOverPart, HAND_OVER_REFUSALS],
])("every reason of the %s is there in the words of the code", (_, text, refusals) => {
  const rows = rowsOf(text);
  const from = rows.findIndex(([first]) => first === "reason") + 1;
  const reasons = Object.entries(refusals);
  expect(rows.slice(from, from + reasons.length)).toEqual(reasons);
});

test("every stage and every event is described", () => {
  const described = rowsOf(lifePart.slice(0, lifePart.indexOf("## The table"))).map(([first]) => first);
  expect(described).toEqual(["stage", ...LIFE_STAGES, "event", ...LIFE_EVENTS]);
});

test("every invariant names a test that exists", () => {
  const tests = readFileSync(`${ROOT}/src/shaping/shadow-vm-lifecycle.test.ts`, "utf8");
  const named = rowsOf(lifePart.slice(lifePart.indexOf("| invariant")))
    .slice(1)
    .map(([, name]) => name);
  expect(named.length).toBe(tests.match(/^test\(/gm)?.length);
  for (const name of named) expect(tests).toContain(`test("${name}"`);
});
