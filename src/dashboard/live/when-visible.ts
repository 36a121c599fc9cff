// Draws at most twice a second, and only what can be seen: in a hidden tab the last call waits until the tab is shown.
const DRAW_EVERY_MS = 500;

/** Of all calls that wait only the newest is run. */
export function createWhenVisible(): (draw: () => void) => void {
  let waiting: (() => void) | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function run(): void {
    timer = undefined;
    if (document.hidden) return;
    drawnAt = performance.now();
    const draw = waiting;
    waiting = undefined;
    draw?.();
  }
  function plan(): void {
    if (waiting === undefined || timer !== undefined) return;
    timer = setTimeout(run, Math.max(0, drawnAt + DRAW_EVERY_MS - performance.now()));
  }
  document.addEventListener("visibilitychange", plan);
  return (draw) => {
    waiting = draw;
    plan();
  };
}
