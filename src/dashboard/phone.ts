// Whether the page is as narrow as a phone: the same limit as in the style sheets.
import { useSyncExternalStore } from "react";

const phone = window.matchMedia("(max-width: 760px)");

export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => phone.matches);
}

function subscribe(changed: () => void): () => void {
  phone.addEventListener("change", changed);
  return () => phone.removeEventListener("change", changed);
}
