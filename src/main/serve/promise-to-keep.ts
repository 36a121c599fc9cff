// A promise that is kept from outside.

export interface PromiseToKeep {
  readonly promise: Promise<void>;
  readonly keep: () => void;
}

export function promiseToKeep(): PromiseToKeep {
  let keep = (): void => {};
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}
