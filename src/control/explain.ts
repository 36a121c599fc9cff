// A decision record as people read it: one plain sentence, and the numbers behind it.
import type {
  CommandRecord,
  DecisionRecord,
  HandOverRecord,
  RefusedChange,
  ReliefRecord,
  ScarcityRecord,
  WorldRecord,
} from "../model/decision.ts";
import { formatAmount } from "../model/format-amount.ts";
import type { Resource } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";
import { iso } from "../model/time.ts";

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
      return explainPool(record);
    case "held":
      return { sentence: `Held ${record.vm} at its last safe size.`, reason: "No sample came for the last tick." };
    case "hand-over":
      return explainHandOver(record);
    case "refused":
      return explainRefusal(record);
    case "relief":
      return explainRelief(record);
    case "cut":
    case "budget-spent":
    case "capacity-advice":
      return explainScarcity(record);
    case "drift":
    case "overdue":
      return explainWorld(record);
    default:
      return explainCommand(record);
  }
}

function explainPool({
  change,
  shadowVm,
  host,
  handOver,
}: Extract<DecisionRecord, { kind: "shadow-vm" }>): Explanation {
  if (change === "boot") {
    const wanted = "Its shadow VMs would soon be too small for the buffer.";
    const reason = handOver === undefined ? wanted : `It is handed over whole, as ${handOver}.`;
    return { sentence: `Booting ${shadowVm} on ${host}.`, reason };
  }
  const spare = "The others hold the buffer with room to spare.";
  const reason = handOver === undefined ? spare : `It served a customer as ${handOver}, and is not used again.`;
  return { sentence: `Retiring ${shadowVm} on ${host}.`, reason };
}

function explainHandOver({ to, shadowVm, host, workload, size, why }: HandOverRecord): Explanation {
  const amounts = `${formatAmount("cpu", size.cpu)} and ${formatAmount("memory", size.memory)}`;
  const sentence: Readonly<Record<HandOverRecord["to"], string>> = {
    asked: `${workload} gets ${shadowVm} on ${host}, with ${amounts}.`,
    "scaling-up": `${shadowVm} on ${host} grows to ${amounts} for ${workload}.`,
    announced: `${shadowVm} on ${host} joins ${workload}, with ${amounts}.`,
    serving: `${shadowVm} on ${host} serves ${workload}, with ${amounts}.`,
    draining: `${shadowVm} on ${host} leaves ${workload}, and keeps ${amounts} until then.`,
    returned: `${shadowVm} on ${host} serves ${workload} no more.`,
    failed: `${shadowVm} on ${host} is no replica of ${workload}.`,
  };
  return { sentence: sentence[to], reason: why };
}

function explainRefusal({ vm, resource, has, wished, why }: RefusedChange): Explanation {
  const amount = amountsOf(resource);
  return { sentence: `Left ${vm} at ${amount(has)} and not ${amount(wished)}.`, reason: why };
}

function explainRelief({ vm, resource, from, to, why }: ReliefRecord): Explanation {
  const amount = amountsOf(resource);
  const sentence =
    to > from
      ? `Raised ${vm} at once from ${amount(from)} to ${amount(to)}, since it was about to run out.`
      : `Gave ${vm} nothing more than ${amount(from)}, although it was about to run out.`;
  return { sentence, reason: why };
}

function explainScarcity(record: ScarcityRecord): Explanation {
  const amount = amountsOf(record.resource);
  switch (record.kind) {
    case "cut":
      return {
        sentence: `${record.host} lent VMs of plan ${record.plan} ${amount(record.granted)} instead of ${amount(record.asked)}.`,
        reason: `It has no more room; each is covered unless ${oneIn(record.level)} comes.`,
      };
    case "budget-spent":
      return {
        sentence: `${record.wishes} VMs of ${record.host} wished for a change of ${record.resource}, ${record.budget} got it.`,
        reason: "The budget of changes went to those that gain most; the others wait.",
      };
    case "capacity-advice":
      return {
        sentence: record.sentence,
        reason: "That is what its buffer asked for a day before, on top of its leases.",
      };
    default:
      return unreachable(record);
  }
}

function explainWorld(record: WorldRecord): Explanation {
  const amount = amountsOf(record.resource);
  switch (record.kind) {
    case "drift":
      return {
        sentence: `Somebody set ${record.vm} to ${amount(record.found)}; it was to have ${amount(record.expected)}.`,
        reason: `It stays so until ${iso(record.until)}, or until a command hands it back.`,
      };
    case "overdue":
      return {
        sentence: `${record.vm} has ${amount(record.has)}; for ${record.ticks} ticks it was to have ${amount(record.asked)}.`,
        reason: "Its host is slow, or does not do what it is told; the set-point is stated again.",
      };
    default:
      return unreachable(record);
  }
}

function explainCommand(record: CommandRecord): Explanation {
  switch (record.kind) {
    case "terms":
      return {
        sentence: `${record.customer} has plan ${record.plan}.`,
        reason:
          record.optedIn.length > 0
            ? `Shaped: ${record.optedIn.join(", ")}. All else goes back to its base and is left alone.`
            : "Opted out: everything goes back to its base and is left alone.",
      };
    case "guardrails":
      return { sentence: record.sentence, reason: "The operator said so." };
    case "handed-back":
      return { sentence: `${record.vm} is shaped again.`, reason: "Whoever set it by hand handed it back." };
    case "command-refused":
      return { sentence: `Did not obey ${record.command}.`, reason: record.why };
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
