// Line icons, 20 px grid, in the colour of the text beside them. Always beside a word, so hidden from screen readers.
import type { ReactNode } from "react";

const PATHS = {
  fleet: "M3 15V9h4v6M8.5 15V5h4v10M14 15v-4h3v4",
  customer: "M13 7a3 3 0 1 1-6 0 3 3 0 0 1 6 0ZM4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5",
  act: "M11 3 5 11h4l-1 6 6-8h-4z",
  observe: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM12.2 10a2.2 2.2 0 1 1-4.4 0 2.2 2.2 0 0 1 4.4 0Z",
  sun: "M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0ZM10 2.5V4M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1",
  raise: "M10 16V5M5.5 9 10 4.5 14.5 9",
  trim: "M10 4v11M5.5 11l4.5 4.5 4.5-4.5",
  buffer:
    "M5.5 5h9A1.5 1.5 0 0 1 16 6.5v7a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 13.5v-7A1.5 1.5 0 0 1 5.5 5ZM5 13l7-8M9 15l7-8",
  shadow: "M4 6a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM8 10h4",
  hold: "M7 5v10M13 5v10",
  warning: "M10 3.5 2.8 16.2h14.4zM10 8.5V12M10 14.2h.01",
  tick: "m4.5 10.5 3.5 3.5 7.5-8",
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Brand(): ReactNode {
  return (
    <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" className="brand-mark">
      <path d="M2 9h7V5h8v4h7" stroke="var(--lease)" />
      <path d="M2 21c3.5 0 4.5-7.5 8-7.5s4 4.5 7 4.5 3.5-2 7-2" stroke="var(--ink)" />
    </svg>
  );
}
