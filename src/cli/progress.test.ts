import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { showProgress } from "./progress.ts";

function screen(isTty: boolean) {
  const stream = new PassThrough();
  const text = () => String(stream.read() ?? "");
  return { text, screen: { stream: Object.assign(stream, { isTTY: isTty }), isTty, columns: 80, isRich: isTty } };
}

test("in a log each quarter is one line, and a new piece of work starts anew", () => {
  const { screen: log, text } = screen(false);
  const progress = showProgress(log);
  for (let done = 0; done <= 300; done++) progress.progress({ doing: "Reading files", done, total: 300 });
  progress.progress({ doing: "Scoring", done: 60, total: 100 });
  progress.progress({ doing: "Scoring", done: 100, total: 100 });
  progress.finish();
  expect(text().split("\n")).toEqual([
    "Reading files: 0 %",
    "Reading files: 25 %",
    "Reading files: 50 %",
    "Reading files: 75 %",
    "Reading files: 100 %",
    "Scoring: 50 %",
    "Scoring: 100 %",
    "",
  ]);
});

test("a person sees a bar, and the cursor comes back", () => {
  const { screen: tty, text } = screen(true);
  const progress = showProgress(tty);
  progress.progress({ doing: "Scoring", done: 50, total: 100 });
  progress.finish();
  const shown = text();
  expect(shown).toContain("Scoring");
  expect(shown).toContain("█");
  expect(shown).toContain("50 %");
  expect(shown.endsWith("\n")).toBe(true);
});

test("notices come after the bar, at most twenty of them, and cannot steer the terminal", () => {
  const { screen: log, text } = screen(false);
  const progress = showProgress(log);
  for (let number = 1; number <= 23; number++) progress.notice(`row ${number}\u001b[2J\nskipped`);
  expect(text()).toBe("");
  progress.finish();
  const lines = text().trimEnd().split("\n");
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe("note: row 1[2J skipped");
  expect(lines.at(-1)).toBe("note: and 3 more like these");
});

test("figures stand beside the bar, and in a log beside the percentage", () => {
  const { screen: tty, text } = screen(true);
  const progress = showProgress(tty);
  progress.progress({ doing: "Training", done: 50, total: 100, detail: "step 50, loss 0.1234" });
  progress.finish();
  expect(text()).toMatch(/50 % .*step 50, loss 0\.1234/);
  const { screen: log, text: logged } = screen(false);
  showProgress(log).progress({ doing: "Training", done: 50, total: 100, detail: "step 50, loss 0.1234" });
  expect(logged()).toBe("Training: 50 %, step 50, loss 0.1234\n");
});

test("the bar listens for an interrupt only while it is there", () => {
  const listening = () => process.listenerCount("SIGINT");
  const before = listening();
  const progress = showProgress(screen(true).screen);
  progress.progress({ doing: "Scoring", done: 1, total: 100 });
  expect(listening()).toBe(before + 1);
  progress.finish();
  expect(listening()).toBe(before);
});

test("while nothing is done nobody says how long it will take", () => {
  const { screen: tty, text } = screen(true);
  const progress = showProgress(tty);
  for (let time = 0; time < 2; time++) progress.progress({ doing: "Forecasting", done: 0, total: 8 });
  progress.finish();
  expect(text()).not.toContain("NaN");
});
