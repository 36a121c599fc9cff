// Light or dark: as the system says, until the viewer says otherwise; that choice is kept in this browser.
import { useCallback, useSyncExternalStore } from "react";

export type Theme = "light" | "dark";
const KEY = "headroom.theme";
const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

export function applyKeptTheme(): void {
  const kept = localStorage.getItem(KEY);
  if (kept === "light" || kept === "dark") document.documentElement.dataset["theme"] = kept;
}

export function useTheme(): { theme: Theme; toggleTheme: () => void } {
  const theme = useSyncExternalStore(subscribe, currentTheme);
  const toggleTheme = useCallback(() => {
    const next = currentTheme() === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, next);
    document.documentElement.dataset["theme"] = next;
  }, []);
  return { theme, toggleTheme };
}

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return systemIsDark.matches ? "dark" : "light";
}

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  systemIsDark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    systemIsDark.removeEventListener("change", changed);
  };
}
