// headroom watch: the live stream in a terminal, redrawn each tick; piped, a line a tick. Ends by Ctrl-C, or after so many ticks.
import type { Command } from "commander";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { CommandSetting } from "../commands.ts";
import { zoneOf } from "../local-time.ts";
import { namesOf, wholeNumber } from "../option-values.ts";
import type { Connection } from "../service-commands.ts";
import { printLine, type Screen, shownOn } from "../terminal.ts";
import { styled } from "../text-table.ts";
import { type ServerTyped, withServer } from "./ask.ts";
import { problemSentence } from "./problem-sentence.ts";
import { frameLines, type Seen, tickLine, type WatchPage } from "./watch-frame.ts";
import { findSubject, type Subject, seenNow, seenOfTick } from "./watch-subject.ts";

interface Typed extends ServerTyped {
  readonly ticks?: number;
  readonly resources?: Resource[];
}

export function watchCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("watch")
    .summary("follow the fleet, a customer or a VM live")
    .description("Follows the fleet, a customer or a VM: redrawn each tick in a terminal, a line a tick when piped.")
    .argument("[id]", "of a customer or VM; the whole fleet where left out")
    .option("--resources <names>", "columns for these: cpu,memory,network,storage", namesOf(RESOURCES))
    .option("--ticks <n>", "end after so many", wholeNumber({ from: 1, to: 1_000_000 }))
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom watch --help.");
  withServer(command).action((id: string | undefined, typed: Typed) => runWatch(id, typed, setting));
}

async function runWatch(id: string | undefined, typed: Typed, setting: CommandSetting): Promise<void> {
  const { terminal, exit, commands } = setting;
  const fail = (sentence: string): void => {
    printLine(terminal.err, shownOn(terminal.err, `headroom: ${sentence}`));
    exit(1);
  };
  const connection = commands.service.connect(typed);
  if (!connection.ok) return fail(connection.error.message);
  const subject = await findSubject(connection.value.client, id);
  if (!subject.ok) return fail(problemSentence(subject.error, { ...connection.value, whereToLook: WHERE }));
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  try {
    const shown = typed.json ? jsonLines(terminal.out) : shownOnScreen(subject.value, typed.resources, setting);
    await follow(connection.value, subject.value, { shown, stop, ticks: typed.ticks ?? Number.POSITIVE_INFINITY });
  } finally {
    forget();
  }
}

const WHERE = "headroom customers and headroom vms list what there is.";

interface Shown {
  seen(seen: Seen): void;
  lost(reason: string): void;
}

async function follow(
  { client, watch }: Connection,
  subject: Subject,
  { shown, stop, ticks }: { shown: Shown; stop: AbortController; ticks: number },
): Promise<void> {
  let left = ticks;
  for await (const news of watch(stop.signal)) {
    switch (news.kind) {
      case "connected":
        break;
      case "reset": {
        const now = await seenNow(client, subject);
        if (now !== undefined) shown.seen(now);
        break;
      }
      case "tick": {
        const seen = await seenOfTick(client, subject, news.tick);
        if (seen !== undefined) shown.seen(seen);
        if (--left <= 0) stop.abort();
        break;
      }
      case "lost":
        if (!stop.signal.aborted) shown.lost(news.reason);
    }
  }
}

function jsonLines(out: Screen): Shown {
  return {
    seen: (seen) => printLine(out, JSON.stringify(seen.value)),
    lost: () => undefined,
  };
}

function shownOnScreen(subject: Subject, resources: Typed["resources"], { terminal }: CommandSetting): Shown {
  const { out, err } = terminal;
  const page: WatchPage = { ...out, zone: zoneOf(terminal), resources };
  if (!out.isRich)
    return {
      seen: (seen) => printLine(out, shownOn(out, tickLine(subject, seen, page))),
      lost: (reason) => printLine(err, shownOn(err, `headroom: lost the service (${reason}); trying again.`)),
    };
  let last: readonly string[] = [];
  return {
    seen(seen) {
      last = frameLines(subject, seen, page);
      draw(out, [...last, "", styled("Ctrl-C ends it.", "dim", page)]);
    },
    lost(reason) {
      const note = shownOn(page, `Lost the service (${reason}); trying again. Above is what was last heard.`);
      draw(out, [...last, "", styled(note, "yellow", page)]);
    },
  };
}

const HOME = "\u001b[H";
const CLEAR_REST_OF_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

/** Over what was there, so that nothing flickers. */
function draw(out: Screen, lines: readonly string[]): void {
  const text = lines.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join("");
  out.stream.write(`${HOME}${text}${CLEAR_BELOW}`);
}

function onInterrupt(work: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, work);
  return () => {
    for (const signal of signals) process.off(signal, work);
  };
}

const EXAMPLES = `
Examples:
  headroom watch
  headroom watch meridian-web-1
  headroom watch meridian --json | jq .`;
