// A state with two faces: the writer sees every change at once, viewers see the newest one whenever the page may be drawn.
export interface ShownState<State> {
  /** For the writer. */
  now(): State;
  change(part: Partial<State>): void;
  /** For viewers: stays the same object until they are told. */
  shown(): State;
  subscribe(changed: () => void): () => void;
}

/** `whenVisible` calls back when the page may be drawn again. */
export function createShownState<State>(
  first: State,
  { whenVisible }: { readonly whenVisible: (draw: () => void) => void },
): ShownState<State> {
  let state = first;
  let shown = first;
  const viewers = new Set<() => void>();

  function draw(): void {
    if (shown === state) return;
    shown = state;
    for (const changed of viewers) changed();
  }

  return {
    now: () => state,
    change(part) {
      state = { ...state, ...part };
      whenVisible(draw);
    },
    shown: () => shown,
    subscribe(changed) {
      viewers.add(changed);
      return () => viewers.delete(changed);
    },
  };
}
