// The mechanism in small: crowds come at hours that no season foretells. Told by a calendar, the service has capacity there before they
// come, and goes short of less than half of what it goes short of without; `npm run bench -- events` measures it on a real tournament.
import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, type Instant, instant, MINUTE_MS, TICK_MS_DEFAULT } from "../../../src/model/time.ts";
import { runCrowd } from "./crowd-service.ts";

const FROM = instant(Date.UTC(2026, 2, 2));
const DAYS = 3;
const LENGTH_MS = 2 * HOUR_MS;
/** From one tick to the next, as a crowd comes when a match begins. */
const UPLIFT = 5;
/** What people think will come; how much it really is, is learned from one crowd to the next. */
const DECLARED_UPLIFT = 4;
const QUIET = 0.15;
const CROWDS = [10.5, 19, 13.25].map((hour, day) => FROM + day * DAY_MS + hour * HOUR_MS);

function loadAt(begin: number): number {
  const daily = QUIET * (1 + 0.3 * Math.sin((2 * Math.PI * (begin - 9 * HOUR_MS)) / DAY_MS));
  return CROWDS.some((start) => begin >= start && begin < start + LENGTH_MS) ? daily * UPLIFT : daily;
}

function calendar(): string {
  const time = (at: number) => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, "");
  const entries = CROWDS.flatMap((start, index) => [
    "BEGIN:VEVENT",
    `UID:${index}`,
    `SUMMARY:match ${index}`,
    `DTSTART:${time(start)}`,
    "DURATION:PT2H",
    `X-HEADROOM-UPLIFT:${DECLARED_UPLIFT}`,
    "END:VEVENT",
  ]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...entries, "END:VCALENDAR", ""].join("\r\n");
}

async function live(told: string | undefined) {
  const crowds = CROWDS.slice(-2);
  let [unserved, wanted, reservedAtStart] = [0, 0, 0];
  await runCrowd({
    ...{ from: FROM, to: instant(FROM + DAYS * DAY_MS), loadAt, baseShare: 0.1, calendar: told, seed: 1 },
    onTick({ at, truth, siteVms, reserved }) {
      if (!crowds.some((start) => isWithin(at, start))) return;
      if (crowds.includes(at)) reservedAtStart += reserved.cpu;
      for (const id of siteVms) {
        unserved += truth.vms.get(id)?.unserved.cpu ?? Number.NaN;
        wanted += truth.vms.get(id)?.demand.cpu ?? Number.NaN;
      }
    },
  });
  return { short: unserved / wanted, reservedAtStart };
}

function isWithin(at: Instant, start: number): boolean {
  return at >= start && at + TICK_MS_DEFAULT <= start + LENGTH_MS;
}

test("with the calendar capacity is there before the crowd, and at most half as much is missing", {
  timeout: 20 * MINUTE_MS,
}, async () => {
  const [told, silent] = [await live(calendar()), await live(undefined)];
  expect(silent.short).toBeGreaterThan(0.001);
  expect(told.short).toBeLessThanOrEqual(silent.short / 2);
  expect(told.reservedAtStart).toBeGreaterThan(1.5 * silent.reservedAtStart);
});
