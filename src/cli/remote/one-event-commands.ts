// headroom events show, correct, mute, unmute: one event of a source, what it does to whom, and what people know better.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Static } from "typebox";
import type { ApiClient } from "../../api/client/client.ts";
import type { Event } from "../../api/contract/events.ts";
import type { CorrectionBody, EventEffects } from "../../api/contract/sources.ts";
import { EVENT_KINDS, type EventKind } from "../../model/event.ts";
import { success } from "../../model/result.ts";
import { iso } from "../../model/time.ts";
import type { CommandSetting } from "../commands.ts";
import { momentIn, typedInstant, zoneOf } from "../local-time.ts";
import { decimalNumber } from "../option-values.ts";
import { styled } from "../text-table.ts";
import { answer, type LocalPage, type ServerTyped, withServer } from "./ask.ts";
import { told } from "./one-in-detail.ts";

const WHERE = "headroom events list and headroom sources show list them.";

export function oneEventCommands(events: Command, setting: CommandSetting): void {
  const about = (name: string, summary: string) =>
    withServer(
      events
        .command(name)
        .summary(summary)
        .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`),
    ).argument("<id>", "of the event");
  about("show", "show where it comes from, what it does, and whose forecasts it changes").action(
    (id: string, typed: ServerTyped) =>
      answer(setting, typed, { ask: (client) => wholeEvent(client, id), show: wholeLines, whereToLook: WHERE }),
  );
  correctCommand(about("correct", "say better than its source what it is"), setting);
  const mute = (muted: boolean) => (id: string, typed: ServerTyped) =>
    answer(setting, typed, {
      ask: (client) => client.correctEvent({ id, body: { muted } }),
      show: (_, page) =>
        told(muted ? `${id} is muted: it counts no more.` : `${id} counts again, as its source says.`, page),
      whereToLook: WHERE,
    });
  about("mute", "let it count no more").action(mute(true));
  about("unmute", "let it count again, as its source says").action(mute(false));
}

interface CorrectTyped extends ServerTyped {
  readonly kind?: EventKind;
  readonly name?: string;
  readonly start?: string;
  readonly end?: string;
  readonly uplift?: number;
  readonly confidence?: number;
}

function correctCommand(command: Command, setting: CommandSetting): void {
  const zone = zoneOf(setting.terminal);
  const time = (typed: string): string => {
    const at = typedInstant(typed, { zone, now: Date.now(), direction: "coming" });
    if (at !== undefined) return iso(at);
    throw new InvalidArgumentError(`Give a time such as "2026-11-27 08:00" (${zone}) or 2026-11-27T08:00:00Z.`);
  };
  command
    .addOption(new Option("--kind <kind>", "what it is").choices(EVENT_KINDS))
    .option("--name <name>", "events of one kind and name are alike")
    .option("--start <time>", "when it begins", time)
    .option("--end <time>", "when it is over", time)
    .option("--uplift <factor>", "what demand is multiplied with", decimalNumber({ from: 0.01, to: 100, such: "1.6" }))
    .option("--confidence <share>", "how sure it is", decimalNumber({ from: 0, to: 1, such: "0.8" }))
    .action((id: string, typed: CorrectTyped) =>
      answer(setting, typed, {
        ask: (client) => client.correctEvent({ id, body: correctionOf(typed) }),
        show: (event, page) =>
          told(`${event.name} (${event.id}) is corrected, whatever its source says from now on.`, page),
        whereToLook: WHERE,
      }),
    );
}

function correctionOf({ kind, name, start, end, uplift, confidence }: CorrectTyped): Static<typeof CorrectionBody> {
  return {
    ...(kind !== undefined && { kind }),
    ...(name !== undefined && { name }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(uplift !== undefined && { declaredUplift: uplift }),
    ...(confidence !== undefined && { confidence }),
  };
}

interface WholeEvent {
  readonly event: Static<typeof Event>;
  readonly effects: EventEffects;
}

async function wholeEvent(client: ApiClient, id: string) {
  const [event, effects] = await Promise.all([client.getEvent({ id }), client.getEventEffects({ id })]);
  if (!event.ok) return event;
  return effects.ok ? success({ event: event.value, effects: effects.value }) : effects;
}

function wholeLines({ event, effects }: WholeEvent, page: LocalPage): string[] {
  const { id, name, kind, start, end, source, confidence } = event;
  const sure = confidence === undefined ? "" : `, ${Math.round(confidence * 100)} % sure`;
  return [
    styled(`${id}: ${name}`, "bold", page),
    ...told(`A ${kind}, ${momentIn(page.zone, start)} to ${momentIn(page.zone, end)}${sure}.`, page),
    ...told(source === undefined ? "Announced by hand." : originOf(source), page),
    ...told(stateOf(effects), page),
    ...effects.workloads.flatMap((workload) => ["", ...workloadLines(workload, page)]),
  ];
}

function originOf({ id, said, because, muted, corrected = [] }: NonNullable<WholeEvent["event"]["source"]>): string {
  const better = corrected.length > 0 ? ` People know better: ${corrected.join(", ")}.` : "";
  return `The source ${id} said "${said}": ${because}.${better}${muted ? " It is muted: it counts no more." : ""}`;
}

function stateOf({ isFollowed, wasLearnedFrom, workloads }: EventEffects): string {
  if (wasLearnedFrom) return "It is over, and what it did was learned.";
  if (workloads.length === 0) return "It touches no workload that runs here.";
  return isFollowed
    ? "It is in sight: forecasts reckon with it."
    : "It is not in sight: farther than a week away, or over.";
}

function workloadLines(workload: EventEffects["workloads"][number], page: LocalPage): string[] {
  const { vms, vmCount, changesForecasts, effects } = workload;
  const more = vmCount > vms.length ? ` and ${vmCount - vms.length} more` : "";
  const whose = changesForecasts
    ? "changes the forecasts of the next 24 h of"
    : "does not change the forecasts of the next 24 h of";
  return [
    ...told(`${workload.workload} (${workload.customer}): ${whose} ${vms.join(", ")}${more}.`, page),
    ...effects.flatMap(({ sentence }) => told(`  ${sentence}`, page)),
  ];
}
