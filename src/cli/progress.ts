// How far a long command is: a bar on stderr for a person, a line at each quarter for a log. stdout stays clean.
import { SingleBar } from "cli-progress";
import type { ProgressStep, Watcher } from "./commands.ts";
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
  const end = () => {
    bar?.stop();
    forgetInterrupts();
  };
  const forgetInterrupts = onInterrupt(() => bar?.stop());
  return {
    progress(step) {
      if (step.doing !== current || bar === undefined) {
        bar?.stop();
        current = step.doing;
        bar = startBar(screen, step);
      }
      bar.setTotal(step.total);
      bar.update(Math.min(step.done, step.total), { detail: detailOn(screen, step) });
    },
    end,
  };
}

/** A bar hides the cursor: whoever interrupts it gets it back, and then what was asked for. */
function onInterrupt(tidyUp: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const interrupted = (signal: NodeJS.Signals): void => {
    tidyUp();
    forget();
    process.kill(process.pid, signal);
  };
  const forget = () => {
    for (const signal of signals) process.off(signal, interrupted);
  };
  for (const signal of signals) process.on(signal, interrupted);
  return forget;
}

const BAR_COLUMNS_MAX = 40;
const BAR_COLUMNS_MIN = 8;
/** For the percentage and the time left; and for digits that the detail gains. */
const FIGURES_COLUMNS = 20;
const GROWTH_COLUMNS = 4;

/** What was done before it was shown, by a run that was interrupted, says nothing about the time left. */
function startBar(screen: Screen, step: ProgressStep): SingleBar {
  const words = shownOn(screen, step.doing);
  const detail = detailOn(screen, step);
  const taken = words.length + FIGURES_COLUMNS + (detail === "" ? 0 : detail.length + GROWTH_COLUMNS);
  const bar = new SingleBar({
    stream: screen.stream,
    format: `${words} {bar} {percentage} % {eta_formatted}{detail}`,
    barsize: Math.max(BAR_COLUMNS_MIN, Math.min(BAR_COLUMNS_MAX, screen.columns - taken)),
    barCompleteChar: screen.isRich ? "█" : "#",
    barIncompleteChar: screen.isRich ? "░" : ".",
    hideCursor: true,
    etaBuffer: 100,
    formatTime: timeLeft,
  });
  bar.start(step.total, Math.min(step.done, step.total), { detail });
  return bar;
}

function detailOn(screen: Screen, { detail }: ProgressStep): string {
  return detail === undefined ? "" : `  ${shownOn(screen, detail)}`;
}

/** Nothing while nothing is done: then nobody can tell. */
function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 100 ? `${Math.ceil(seconds)} s left` : `${Math.ceil(seconds / 60)} min left`;
}

const QUARTERS = [0, 25, 50, 75, 100];

/** Each quarter once, and never one after a later one. */
function quietSteps(screen: Screen): Steps {
  let current = "";
  let told = -1;
  return {
    progress({ doing, done, total, detail }) {
      if (doing !== current) {
        current = doing;
        told = -1;
      }
      const percent = total > 0 ? (100 * done) / total : 100;
      const quarter = QUARTERS.findLast((each) => each <= percent) ?? 0;
      if (quarter <= told) return;
      told = quarter;
      printLine(screen, shownOn(screen, `${doing}: ${quarter} %${detail === undefined ? "" : `, ${detail}`}`));
    },
    end() {},
  };
}
