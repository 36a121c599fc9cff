// The thread that reads: it answers as this one would, also after it was given what it cannot read.
import { expect, test } from "vitest";
import { readersHere, readersInThread } from "../../../src/main/sources/readers.ts";
import { instant } from "../../../src/model/time.ts";

const WORKER = new URL("../../../dist/main/sources/reader-worker.js", import.meta.url);
const NOW = instant(Date.UTC(2026, 2, 2));

test("what is read in a thread is what is read here", async () => {
  const [there, here] = [readersInThread(WORKER), readersHere()];
  const bytes = (text: string) => new TextEncoder().encode(text);
  const entry =
    "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:sale\r\nDTSTART:20260403T080000Z\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT";
  const options = { now: NOW, eventKind: "campaign" } as const;
  for (const text of [`BEGIN:VCALENDAR\r\n${entry}\r\nEND:VCALENDAR\r\n`, "no calendar"])
    expect(await there.calendar(bytes(text), options)).toEqual(await here.calendar(bytes(text), options));
  for (const text of ["<rss><channel><item><title>sale</title></item></channel></rss>", "<!DOCTYPE x><rss/>"])
    expect(await there.feed(bytes(text), NOW)).toEqual(await here.feed(bytes(text), NOW));
  await there.close();
});
