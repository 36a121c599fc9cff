// How far a long command is: a bar on stderr for a person, a line at each quarter for a log. stdout stays clean.
import { SingleBar } from "cli-progress";
import type { Watcher } from "./commands.ts";
import { printLine, type Screen, shownOn } from "./terminal.ts";

export interface ShownProgress extends Watcher {
  /** Ends the bar and prints what should be read. Call once, before anything else is printed. */
  finish(): void;
}

const NOTICES_MAX = 20;

export function showProgress(screen: Screen): ShownProgress {
  const steps = screen.isTty ? barSteps(screen) : quietSteps(screen);
  const notices: string[] = [];
  let untold = 0;
  return {
    progress: steps.progress,
    notice(sentence) {
      if (notices.length < NOTICES_MAX) notices.push(sentence);
      else untold++;
    },
    finish() {
      steps.end();
      for (const sentence of notices) printLine(screen, shownOn(screen, `note: ${sentence}`));
      if (untold > 0) printLine(screen, `note: and ${untold} more like these`);
    },
  };
}

interface Steps {
  readonly progress: Watcher["progress"];
  end(): void;
}

function barSteps(screen: Screen): Steps {
  let bar: SingleBar | undefined;
  let current = "";
  const end = () => bar?.stop();
  return {
    progress({ doing, done, total }) {
      if (doing !== current || bar === undefined) {
        end();
        current = doing;
        bar = startBar(screen, { doing, total });
      }
      bar.setTotal(total);
      bar.update(Math.min(done, total));
    },
    end,
  };
}

const BAR_COLUMNS_MAX = 40;

function startBar(screen: Screen, { doing, total }: { doing: string; total: number }): SingleBar {
  const words = shownOn(screen, doing);
  const bar = new SingleBar({
    stream: screen.stream,
    format: `${words} {bar} {percentage} % {eta_formatted}`,
    barsize: Math.max(10, Math.min(BAR_COLUMNS_MAX, screen.columns - words.length - 20)),
    barCompleteChar: screen.isRich ? "█" : "#",
    barIncompleteChar: screen.isRich ? "░" : ".",
    hideCursor: true,
    formatTime: (seconds) => `${Math.ceil(seconds)} s left`,
  });
  bar.start(total, 0);
  return bar;
}

const QUARTERS = [0, 25, 50, 75, 100];

/** Each quarter once, and never one after a later one. */
function quietSteps(screen: Screen): Steps {
  let current = "";
  let told = -1;
  return {
    progress({ doing, done, total }) {
      if (doing !== current) {
        current = doing;
        told = -1;
      }
      const percent = total > 0 ? (100 * done) / total : 100;
      const quarter = QUARTERS.findLast((each) => each <= percent) ?? 0;
      if (quarter <= told) return;
      told = quarter;
      printLine(screen, `${shownOn(screen, doing)}: ${quarter} %`);
    },
    end() {},
  };
}
