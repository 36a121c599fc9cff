// Work that must not overlap, done one after the other in the order in which it was asked for.

export interface Turns {
  take<Value>(work: () => Promise<Value>): Promise<Value>;
}

export function takeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(work) {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
