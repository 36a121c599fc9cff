// A decision record as people read it: one plain sentence, and the numbers behind it.
import type { DecisionRecord } from "../model/decision.ts";
import { formatAmount } from "../model/format-amount.ts";
import type { Resource } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";

export interface Explanation {
  readonly sentence: string;
  readonly reason: string;
}

export function explain(record: DecisionRecord): Explanation {
  switch (record.kind) {
    case "raise":
    case "trim":
      return explainLease(record);
    case "buffer":
      return explainBuffer(record);
    case "went-short":
      return explainShortfall(record);
    case "shadow-vm":
      return record.change === "boot"
        ? {
            sentence: `Booting ${record.shadowVm} on ${record.host}.`,
            reason: "Its shadow VMs would soon be too small for the buffer.",
          }
        : {
            sentence: `Retiring ${record.shadowVm} on ${record.host}.`,
            reason: "The others hold the buffer with room to spare.",
          };
    case "held":
      return { sentence: `Held ${record.vm} at its last safe size.`, reason: "No sample came for the last tick." };
    default:
      return unreachable(record);
  }
}

function explainLease(record: Extract<DecisionRecord, { kind: "raise" | "trim" }>): Explanation {
  const amount = amountsOf(record.resource);
  const change =
    record.kind === "raise"
      ? `Raised ${record.vm} from ${amount(record.from)} to ${amount(record.to)}.`
      : `Took ${amount(record.from - record.to)} back from ${record.vm}.`;
  const why = [`Likely demand ${amount(record.likely)}`, `base ${amount(record.base)}`];
  if (record.level > 0) why.splice(1, 0, `lent so that ${oneIn(record.level)} is above`);
  if (record.short) why.push(`${record.host} had less room than was asked for`);
  return { sentence: change, reason: `${why.join(", ")}.` };
}

function explainBuffer(record: Extract<DecisionRecord, { kind: "buffer" }>): Explanation {
  const amount = amountsOf(record.resource);
  return {
    sentence: `${record.host} holds ${amount(record.to)} ready, ${record.to > record.from ? "up" : "down"} from ${amount(record.from)}.`,
    reason: `Its VMs are expected to need ${amount(record.expectedExcess)} beyond their leases; the buffer holds unless ${oneIn(record.level)} comes.`,
  };
}

function explainShortfall(record: Extract<DecisionRecord, { kind: "went-short" }>): Explanation {
  const amount = amountsOf(record.resource);
  const vms = record.vmsAbove === 1 ? "1 VM" : `${record.vmsAbove} VMs`;
  return {
    sentence: `${record.host} was short of ${amount(record.excess - record.buffer)}.`,
    reason: `${vms} wanted ${amount(record.excess)} beyond what was lent; the buffer held ${amount(record.buffer)}.`,
  };
}

/** Network and storage share a unit, so theirs is named: "4.2 MB/s of network". */
function amountsOf(resource: Resource): (amount: number) => string {
  const named = resource === "network" || resource === "storage" ? ` of ${resource}` : "";
  return (amount) => `${formatAmount(resource, amount)}${named}`;
}

/** 0.95 reads "1 in 20". */
function oneIn(level: number): string {
  return `1 in ${Math.max(Math.round(1 / (1 - level)), 1)}`;
}
