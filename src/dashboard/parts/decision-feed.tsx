// The latest decisions: each a sentence with its numbers, and the reason under it in grey.
import type { ReactNode } from "react";
import type { Decision } from "../../api/contract/live.ts";
import { clockTime } from "../units.ts";
import { Icon, type IconName } from "./icons.tsx";

const KINDS: Readonly<Record<string, { readonly icon: IconName; readonly words: string; readonly ink: string }>> = {
  raise: { icon: "raise", words: "Raise", ink: "lease" },
  trim: { icon: "trim", words: "Trim", ink: "ink3" },
  buffer: { icon: "buffer", words: "Buffer", ink: "lease" },
  "shadow-vm": { icon: "shadow", words: "Shadow VM", ink: "ink3" },
  held: { icon: "hold", words: "Held", ink: "ink3" },
  "went-short": { icon: "warning", words: "Went short", ink: "bad" },
};

export function DecisionFeed({ decisions, most }: { decisions: readonly Decision[]; most: number }): ReactNode {
  if (decisions.length === 0) return <p className="note">Nothing had to be decided yet.</p>;
  return (
    <ul className="decisions">
      {decisions.slice(0, most).map(({ id, at, kind, sentence, reason }) => {
        const { icon, words, ink } = KINDS[kind] ?? { icon: "tick", words: kind, ink: "ink3" };
        return (
          <li key={id}>
            <time dateTime={at} className="number">
              {clockTime(Date.parse(at))}
            </time>
            <span className={`ink-${ink}`}>
              <Icon name={icon} size={17} />
              <span className="hidden-text">{words}</span>
            </span>
            <span>
              {sentence}
              <span className="reason">{reason}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
