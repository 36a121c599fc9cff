import { join } from "node:path";
import { expect, test } from "vitest";
import { DAY_MS } from "../../model/time.ts";
import { written } from "../trace-files/written-files.arbitrary.ts";
import { readEventsFile } from "./events-file.ts";

const read = (text: string) => readEventsFile(join(written({ "events.csv": text }), "events.csv"));

async function problemOf(text: string): Promise<string> {
  const result = await read(text);
  return result.ok ? "none" : result.error.message;
}

test("start, end and name; kind, announcement and uplift where they are known", async () => {
  const text =
    "kind,start,end,event,announced,uplift,source\n" +
    "release,2026-03-01T10:00:00Z,2026-03-01T12:00:00Z,v2,2026-02-20,1.5,blog\n" +
    ',2026-03-05,2026-03-06,"sale, spring",,,\n';
  const result = await read(text);
  expect(result.ok && result.value.map(({ id, ...event }) => event)).toEqual([
    {
      kind: "release",
      name: "v2",
      start: Date.UTC(2026, 2, 1, 10),
      end: Date.UTC(2026, 2, 1, 12),
      announced: Date.UTC(2026, 1, 20),
      declaredUplift: 1.5,
    },
    { kind: "campaign", name: "sale, spring", start: Date.UTC(2026, 2, 5), end: Date.UTC(2026, 2, 6), announced: 0 },
  ]);
});

test("days with days around them, as Prophet has them", async () => {
  const result = await read("ds,holiday,lower_window,upper_window\n2026-03-05,final,-1,2\n2026-04-05,final,,\n");
  const day = Date.UTC(2026, 2, 5);
  expect(result.ok && result.value.map(({ start, end }) => [start - day, end - day])).toEqual([
    [-DAY_MS, 3 * DAY_MS],
    [31 * DAY_MS, 32 * DAY_MS],
  ]);
});

test("what is wrong is told with file, line and column", async () => {
  expect(await problemOf("when,event\n1,2\n")).toMatch(/events\.csv, line 1: expected columns "start,end,event" or/);
  expect(await problemOf("start,end,event\nsoon,2026-03-05,x\n")).toMatch(
    /line 2, column 1 \(start\): expected an ISO/,
  );
  const backwards = "start,end,event\n2026-03-05,2026-03-05,x\n";
  expect(await problemOf(backwards)).toMatch(/line 2, column 2 \(end\): expected a time after the start/);
  expect(await problemOf("start,end,event\n2026-03-05,2026-03-06,\n")).toMatch(/column 3 \(event\): expected what the/);
  const row = (kind: string, uplift: string) =>
    `start,end,event,kind,uplift\n2026-03-05,2026-03-06,x,${kind},${uplift}\n`;
  expect(await problemOf(row("party", ""))).toMatch(/column 4 \(kind\): expected one of campaign, release/);
  expect(await problemOf(row("", "0"))).toMatch(/column 5 \(uplift\): expected a factor above 0/);
  expect(await problemOf("ds,event,upper_window\n2026-03-05,x,1.5\n")).toMatch(/expected whole days from 0 to 366/);
  expect(await problemOf("ds,event,lower_window\n2026-03-05,x,-400\n")).toMatch(/expected whole days from -366 to 0/);
});
