// Does a calendar help? The 1998 World Cup's site lives through its tournament twice, on simulated machines under the service: once
// with the calendar of matches, read over HTTP as iCalendar, once without. Counted in the second half: the hours of the matches of
// the knock-out stage. `npm run bench -- events`.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DAY_MS, type Instant, instant, TICK_MS_DEFAULT } from "../src/model/time.ts";
import { type CrowdTick, runCrowd } from "../test/integration/sources/crowd-service.ts";

const FOLDER = new URL("../../shared/data/web/", import.meta.url);
const FROM = instant(Date.UTC(1998, 5, 3));
const TO = instant(Date.UTC(1998, 6, 13));
/** The group stage is what can be learned from; nothing was chosen by what came after. */
const SECOND_HALF = Date.UTC(1998, 5, 27);
const RESOURCES = ["cpu", "network"] as const;

export async function benchEvents(): Promise<void> {
  const requests = readRequests();
  if (requests === undefined) return console.log(`# events: left out, there is no ${FOLDER.pathname}`);
  const matches = knockOutMatches();
  const largest = Math.max(...requests.values());
  const early = [...requests].filter(([at]) => at < SECOND_HALF).map(([, count]) => count / largest);
  const baseShare = 0.02 + 0.88 * (early.sort((left, right) => left - right)[Math.floor(early.length / 4)] ?? 0);
  console.log(
    `# events: World Cup 98, ${matches.length} matches of the knock-out stage, 6 VMs of the site among 8 others`,
  );
  const measured: ReturnType<typeof emptySums>[] = [];
  for (const calendar of [undefined, calendarOf(matches)]) {
    const [within, outside] = [emptySums(), emptySums()];
    const begin = performance.now();
    await runCrowd({
      ...{ from: FROM, to: TO, baseShare, calendar, seed: 1 },
      loadAt: (at) => (requests.get(at) ?? 0) / largest,
      onTick: (tick) => {
        if (tick.at % DAY_MS === 0) process.stderr.write(`\r${new Date(tick.at).toISOString().slice(0, 10)} `);
        if (tick.at < SECOND_HALF) return;
        const isMatch = matches.some(({ start, end }) => tick.at < end && tick.at + TICK_MS_DEFAULT > start);
        add(isMatch ? within : outside, tick);
      },
    });
    process.stderr.write("\r");
    const name = calendar === undefined ? "without the calendar" : "with the calendar";
    for (const resource of RESOURCES)
      console.log(
        `${name.padEnd(22)}${resource.padEnd(9)}match hours ${told(within[resource])}; else ${told(outside[resource])}`,
      );
    console.log(`${"".padEnd(22)}took ${((performance.now() - begin) / 1000).toFixed(0)} s`);
    measured.push(within);
  }
  const [without, withIt] = measured;
  for (const resource of RESOURCES) {
    const ratio = (amount: (sums: Sums) => number) =>
      (amount(withIt?.[resource] ?? none()) / amount(without?.[resource] ?? none())).toFixed(2);
    const beforehand = ratio(({ unserved, fromBuffer }) => unserved + fromBuffer);
    console.log(
      `with / without        ${resource.padEnd(9)}short ${ratio(({ unserved }) => unserved)}, short or late ${beforehand}`,
    );
  }
}

interface Sums {
  demand: number;
  unserved: number;
  fromBuffer: number;
  reserved: number;
}

function emptySums(): Record<(typeof RESOURCES)[number], Sums> {
  return { cpu: none(), network: none() };
}

function none(): Sums {
  return { demand: 0, unserved: 0, fromBuffer: 0, reserved: 0 };
}

function add(sums: ReturnType<typeof emptySums>, { truth, siteVms, reserved }: CrowdTick): void {
  for (const resource of RESOURCES) {
    sums[resource].reserved += reserved[resource];
    for (const id of siteVms) {
      const { demand, unserved, fromBuffer } = truth.vms.get(id) ?? {};
      sums[resource].demand += demand?.[resource] ?? 0;
      sums[resource].unserved += unserved?.[resource] ?? 0;
      sums[resource].fromBuffer += fromBuffer?.[resource] ?? 0;
    }
  }
}

function told({ demand, unserved, fromBuffer, reserved }: Sums): string {
  const percent = (part: number) => `${((100 * part) / demand).toFixed(3)} %`;
  return `short of ${percent(unserved)}, late ${percent(fromBuffer)}, reserved/used ${(reserved / demand).toFixed(2)}`;
}

/** By begin of a tick: requests a minute, mean. Missing minutes count as those around them. */
function readRequests(): ReadonlyMap<number, number> | undefined {
  const file = new URL("worldcup98_invocation_count.csv.gz", FOLDER);
  if (!existsSync(file)) return undefined;
  const sums = new Map<number, { count: number; minutes: number }>();
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split("\n").slice(1)) {
    const [time = "", count] = line.split(",");
    const at = Date.parse(time.includes("T") || time.includes("Z") ? time : `${time.replace(" ", "T")}Z`);
    const tick = Math.floor(at / TICK_MS_DEFAULT) * TICK_MS_DEFAULT;
    const sum = sums.get(tick) ?? { count: 0, minutes: 0 };
    sums.set(tick, { count: sum.count + Number(count), minutes: sum.minutes + 1 });
  }
  return new Map([...sums].map(([tick, { count, minutes }]) => [tick, count / minutes]));
}

interface Match {
  readonly start: Instant;
  readonly end: Instant;
  readonly name: string;
}

function knockOutMatches(): readonly Match[] {
  const rows = readFileSync(new URL("worldcup98_events.csv", FOLDER), "utf8").trim().split("\n").slice(1);
  return rows
    .map((row) => row.split(","))
    .map(([start = "", end = "", name = ""]) => ({
      start: instant(Date.parse(start)),
      end: instant(Date.parse(end)),
      name,
    }))
    .filter(({ start }) => start >= SECOND_HALF);
}

/**
 * Kick-offs of the group stage, in the hours of Paris, from 10 June on, a day each: written down from general knowledge, as the list of
 * the knock-out stage was. On the last four days two matches begin together.
 */
const GROUP_STAGE = [
  "17:30 21:00",
  "17:30 21:00",
  "14:30 17:30 21:00",
  "14:30 17:30 21:00",
  "14:30 17:30 21:00",
  "14:30 17:30 21:00",
  "17:30 21:00",
  "17:30 21:00",
  "17:30 21:00",
  "17:30 21:00",
  "14:30 17:30 21:00",
  "14:30 17:30 21:00",
  "17:30 21:00",
  "16:00 21:00",
  "16:00 21:00",
  "16:00 21:00",
  "16:00 21:00",
];

function calendarOf(matches: readonly Match[]): string {
  const time = (at: Instant) => new Date(at).toISOString().replaceAll(/[-:]|\.000/g, "");
  const entry = (lines: readonly string[]) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"];
  const group = GROUP_STAGE.flatMap((kickOffs, day) =>
    kickOffs.split(" ").map((kickOff) => {
      const local = `199806${10 + day}T${kickOff.replace(":", "")}00`;
      return [`UID:group-${local}`, "SUMMARY:group stage", `DTSTART;TZID=Europe/Paris:${local}`, "DURATION:PT2H"];
    }),
  );
  const knockOut = matches.map(({ start, end, name }, index) => {
    return [`UID:match-${index}`, `SUMMARY:${name}`, `DTSTART:${time(start)}`, `DTEND:${time(end)}`];
  });
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...[...group, ...knockOut].flatMap(entry), "END:VCALENDAR", ""].join(
    "\r\n",
  );
}
