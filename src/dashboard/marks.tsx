// The marks: the same little drawing in legend, tooltip and sentence as in the chart. Shape first, colour second.
import type { ReactNode } from "react";

export type MarkName =
  | "used"
  | "base"
  | "leased"
  | "buffer"
  | "allowed"
  | "forecast"
  | "fixed"
  | "short"
  | "from-buffer";

const DRAWINGS: Readonly<Record<MarkName, { readonly width: number; readonly drawing: ReactNode }>> = {
  used: { width: 18, drawing: <path d="M1 5h16" stroke="var(--ink)" strokeWidth="2" /> },
  base: { width: 14, drawing: <rect width="14" height="10" rx="1.5" fill="var(--base-s)" /> },
  leased: { width: 14, drawing: <rect width="14" height="10" rx="1.5" fill="var(--lease)" opacity=".34" /> },
  buffer: {
    width: 14,
    drawing: (
      <>
        <rect width="14" height="10" rx="1.5" fill="var(--buffer-ground)" />
        <path d="M-1 6 6-1M0 10 10 0M5 11 15 1M10 11l5-5" stroke="var(--lease)" strokeWidth="1.5" opacity=".75" />
      </>
    ),
  },
  allowed: { width: 18, drawing: <path d="M1 7h6V3h10" fill="none" stroke="var(--lease)" strokeWidth="2" /> },
  forecast: {
    width: 18,
    drawing: (
      <>
        <rect width="18" height="10" rx="1.5" fill="var(--fc)" opacity=".2" />
        <path d="M0 5h18" stroke="var(--fc)" strokeWidth="2" strokeDasharray="4 3" />
      </>
    ),
  },
  fixed: {
    width: 18,
    drawing: <path d="M1 5h16" stroke="var(--ink3)" strokeWidth="1.5" strokeDasharray="1.5 3" />,
  },
  short: { width: 12, drawing: <path d="M6 9 1 1h10z" fill="var(--bad)" /> },
  "from-buffer": {
    width: 12,
    drawing: <path d="M6 1 10.5 5 6 9 1.5 5z" fill="none" stroke="var(--lease)" strokeWidth="1.6" />,
  },
};

export function Mark({ name }: { name: MarkName }): ReactNode {
  const { width, drawing } = DRAWINGS[name];
  return (
    <svg className="mark" width={width} height="10" viewBox={`0 0 ${width} 10`} aria-hidden="true">
      {drawing}
    </svg>
  );
}

export function Legend({ entries }: { entries: readonly (readonly [MarkName, string])[] }): ReactNode {
  return (
    <ul className="legend">
      {entries.map(([name, words]) => (
        <li key={name}>
          <Mark name={name} />
          {words}
        </li>
      ))}
    </ul>
  );
}
