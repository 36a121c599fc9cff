// The key that this tab reads the service with. It is kept for as long as the tab is open and goes nowhere but to the server.
const SLOT = "headroom.key";

export function keptKey(): string | undefined {
  return sessionStorage.getItem(SLOT) ?? undefined;
}

/** Begins anew with another key; undefined: with none. */
export function beginWithKey(key: string | undefined): void {
  if (key === undefined) sessionStorage.removeItem(SLOT);
  else sessionStorage.setItem(SLOT, key);
  location.reload();
}
