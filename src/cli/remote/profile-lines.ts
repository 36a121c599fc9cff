// A profile in few lines: what its week looks like, hour by hour in a picture of blocks, and how it compares with what came.
import type { Profile, ProfileAccuracy } from "../../api/contract/profiles.ts";
import { formatAmount } from "../../model/format-amount.ts";
import { HOURS_A_WEEK } from "../../model/profile.ts";
import { RESOURCES } from "../../model/resources.ts";
import { minuteIn, momentIn, zoneNote } from "../local-time.ts";
import { shownOn } from "../terminal.ts";
import { styled, tableLines } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { told } from "./one-in-detail.ts";
import { RESOURCE_NAMES } from "./resource-table.ts";

type Declared = Omit<Profile, "id" | "version" | "changedAt"> & Partial<Pick<Profile, "id" | "version" | "changedAt">>;

export function profileLines(profile: Declared, page: LocalPage): string[] {
  const { id, version, workloadClass, scaling, utcOffsetMinutes, growthPerMonth, declaredAt, plannedChanges } = profile;
  const title = id === undefined ? [] : [styled(shownOn(page, `${id}, version ${version}`), "bold", page)];
  const facts = [
    `Class ${workloadClass ?? "not said"}, scaling ${scaling}, local time ${offset(utcOffsetMinutes)},`,
    `growth ${percent(growthPerMonth)} a month, true as of ${momentIn(page.zone, declaredAt)}.`,
  ];
  const changes = plannedChanges.map(({ at, factor }) => `from ${momentIn(page.zone, at)} times ${factor}`);
  return [
    ...title,
    ...told(facts.join(" "), page),
    ...(changes.length > 0 ? told(`Planned: ${changes.join("; ")}.`, page) : []),
    ...demandLines(profile, page),
  ];
}

function demandLines({ demand }: Declared, page: LocalPage): string[] {
  const declared = RESOURCES.flatMap((resource) => {
    const levels = demand[resource];
    return levels === undefined ? [] : [{ resource, ...levels }];
  });
  if (declared.length === 0) return ["No demand is declared."];
  const columns = [
    { head: "", isText: true },
    ...["typical, least", "mean", "most", "peak, most"].map((head) => ({ head })),
    { head: "busiest hour", isText: true },
  ] as const;
  const rows = declared.map(({ resource, typical, peak }) => {
    const mean = typical.reduce((sum, each) => sum + each, 0) / HOURS_A_WEEK;
    const amounts = [Math.min(...typical), mean, Math.max(...typical), Math.max(...peak)];
    return [RESOURCE_NAMES[resource], ...amounts.map((amount) => formatAmount(resource, amount)), busiestHour(peak)];
  });
  return ["", ...tableLines({ columns, rows }, page)];
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function busiestHour(week: readonly number[]): string {
  const most = Math.max(...week);
  if (Math.min(...week) === most) return "all alike";
  const at = week.indexOf(most);
  return `${DAYS[Math.floor(at / 24)]} ${String(at % 24).padStart(2, "0")}:00`;
}

export function historyLines(
  changes: readonly { readonly at: string; readonly by: string; readonly what: string; readonly version: number }[],
  page: LocalPage,
): string[] {
  const [newest] = changes;
  if (newest === undefined) return ["Nothing was declared of it yet."];
  const columns = [
    { head: "version" },
    { head: "when", isText: true },
    { head: "what", isText: true },
    { head: "by", isText: true },
  ] as const;
  const rows = changes.map(({ at, by, what, version }) => [String(version), minuteIn(page.zone, at), what, by]);
  return [
    ...tableLines({ columns, rows }, page),
    "",
    styled(`${zoneNote(page.zone, newest.at)} --json has all that was declared.`, "dim", page),
  ];
}

export function accuracyLines({ workload, from, to, resources }: ProfileAccuracy, page: LocalPage): string[] {
  const columns = [
    { head: "", isText: true },
    ...["samples", "below typical", "below peak", "loss", "best constant"].map((head) => ({ head })),
  ] as const;
  const share = (value: number | null) => (value === null ? "-" : `${(100 * value).toFixed(0)} %`);
  const loss = (value: number | null) => (value === null ? "-" : value.toFixed(3));
  const rows = resources.map((each) => [
    RESOURCE_NAMES[each.resource],
    each.samples.toLocaleString("en-US").replaceAll(",", " "),
    share(each.belowTypical),
    share(each.belowPeak),
    loss(each.loss),
    loss(each.bestLoss),
  ]);
  const span = `${momentIn(page.zone, from)} to ${momentIn(page.zone, to)}`;
  return [
    ...told(`The profile of ${workload} beside what was measured, ${span}:`, page),
    "",
    ...tableLines({ columns, rows }, page),
    "",
    ...told(MEANING, page).map((line) => styled(line, "dim", page)),
  ];
}

const MEANING =
  "Right would be 50 % below typical and 95 % below peak. Less loss is better; best constant is what a profile without hours could have reached.";

function offset(minutes: number): string {
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const clock = `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
  return `UTC${minutes < 0 ? "-" : "+"}${clock}`;
}

function percent(share: number): string {
  return `${share > 0 ? "+" : ""}${Number((100 * share).toFixed(1))} %`;
}
