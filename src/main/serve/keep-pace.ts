// The loop of a cell whose ticks may become longer or shorter while it runs: the old pace ends, the new one begins at its next multiple.
import { runLoop } from "../../control/loop.ts";
import type { Clock } from "../../control/ports.ts";
import { promiseToKeep } from "./promise-to-keep.ts";

export interface Pace {
  /** Another length of ticks from now on; nothing where it is the same. */
  follow(stepMs: number): void;
  /** When the tick under way has ended. */
  stop(): Promise<void>;
}

export function keepPace(given: {
  readonly clock: Clock;
  readonly stepMs: number;
  readonly tick: (stepMs: number) => Promise<void>;
  readonly onPace: (stepMs: number) => void;
}): Pace {
  const { clock, tick, onPace } = given;
  const begin = (stepMs: number) => {
    const stopped = promiseToKeep();
    const ended = runLoop({ clock, stepMs, stopped: stopped.promise, tick: () => tick(stepMs) });
    return { stepMs, ended, stop: stopped.keep };
  };
  let current = begin(given.stepMs);
  return {
    follow(stepMs) {
      if (stepMs === current.stepMs) return;
      current.stop();
      onPace(stepMs);
      current = begin(stepMs);
    },
    async stop() {
      current.stop();
      await current.ended;
    },
  };
}
