// One host's capacity as a bar: base, leased, hatched buffer, the rest is free; a thick mark for what is used.
import type { ReactNode } from "react";

export interface CapacityBarProps {
  readonly base: number;
  readonly leased: number;
  readonly buffer: number;
  readonly used: number;
  /** End of the bar: the capacity, or something larger that bars beside it share. */
  readonly end: number;
  readonly label: string;
}

export function CapacityBar({ base, leased, buffer, used, end, label }: CapacityBarProps): ReactNode {
  const percent = (amount: number): string => `${end > 0 ? Math.min((amount / end) * 100, 100) : 0}%`;
  const part = (kind: string, from: number, amount: number): ReactNode =>
    amount > 0 && <i className={kind} style={{ left: percent(from), width: percent(amount) }} />;
  return (
    <div className="capacity-bar" role="img" aria-label={label}>
      <div className="capacity">
        {part("base", 0, base)}
        {part("leased", base, leased)}
        {part("buffer", base + leased, buffer)}
      </div>
      <i className="used" style={{ left: percent(used) }} />
    </div>
  );
}
