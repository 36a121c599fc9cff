// A strip of numbers, each with its own line of comparison.
import type { ReactNode } from "react";
import { Mark, type MarkName } from "../marks.tsx";

export interface Statistic {
  readonly name: string;
  readonly mark?: MarkName;
  readonly value: string;
  readonly unit?: string;
  readonly note: string;
}

export function Statistics({ entries }: { entries: readonly Statistic[] }): ReactNode {
  return (
    <dl className="statistics number">
      {entries.map(({ name, mark, value, unit, note }) => (
        <div key={name}>
          <dt>
            {mark && <Mark name={mark} />}
            {name}
          </dt>
          <dd>
            {value}
            {unit && <small>{unit}</small>}
          </dd>
          <dd className="note">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
