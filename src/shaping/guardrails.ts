// Whether a change may be made at all: kill switch, modes, consent, blackouts and budget, in this order. Who asks before
// every change touches nobody who did not agree.
import { type Blackout, blackoutAt, type Subject } from "../model/blackout.ts";
import type { Instant } from "../model/time.ts";

/** `observe` decides and explains, and acts on nothing. It is what everything begins with. */
export const MODES = ["observe", "act"] as const;
type Mode = (typeof MODES)[number];

interface ModeSettings {
  readonly cell: Mode;
  /** By customer; `observe` for those who are not named. */
  readonly customers: ReadonlyMap<string, Mode>;
}

/** What kind of change is meant. */
export interface WishedChange {
  readonly subject: Subject;
  readonly direction: "more" | "less";
  /**
   * "plan": the tick's plan. "relief": the fast path, or a step that is undone because it hurt.
   * "contract": back to what the contract says, as a base that was cut or an opt-out that is drained.
   */
  readonly cause: "plan" | "relief" | "contract";
  /** The customer wants this resource to be shaped; true for what belongs to nobody. */
  readonly optedIn: boolean;
  /** Changes that this tick's budget still has. */
  readonly budgetLeft: number;
}

export interface Guardrails {
  /** On: no action of any kind. */
  readonly killSwitch: boolean;
  readonly modes: ModeSettings;
  readonly blackouts: readonly Blackout[];
}

export type Permission =
  | { readonly kind: "yes" }
  | { readonly kind: "no"; readonly why: Objection; readonly sentence: string };
type Objection = "kill-switch" | "observe-cell" | "observe-customer" | "opted-out" | "blackout" | "budget";

/**
 * The kill switch stops everything, more as well as less: who pulls it does not trust what Headroom believes, and giving to
 * one takes from what another could burst into. All leases stay as they are, so that nobody loses anything by it.
 * Relief and contract cost no budget, and no blackout of taking back forbids to give.
 */
export function mayChange(
  change: WishedChange,
  { guardrails, now }: { readonly guardrails: Guardrails; readonly now: Instant },
): Permission {
  const { killSwitch, modes, blackouts } = guardrails;
  const { cell, customer } = change.subject;
  if (killSwitch) return no("kill-switch", "The kill switch is on: everything stays as it is.");
  if (modes.cell === "observe") return no("observe-cell", `Cell ${cell} is only observed.`);
  if (customer !== undefined && modes.customers.get(customer) !== "act")
    return no("observe-customer", `Customer ${customer} is only observed.`);
  if (!change.optedIn && change.cause !== "contract") return no("opted-out", "The customer opted out.");
  const blackout = blackoutAt(blackouts, change.subject, now);
  if (blackout !== undefined && forbids(blackout, change)) return no("blackout", `Hands off: ${blackout.reason}.`);
  if (change.cause === "plan" && change.budgetLeft < 1)
    return no("budget", "This tick's budget of changes is spent on changes that gain more.");
  return { kind: "yes" };
}

function forbids(blackout: Blackout, { direction }: WishedChange): boolean {
  return blackout.forbids === "any-change" || direction === "less";
}

function no(why: Objection, sentence: string): Permission {
  return { kind: "no", why, sentence };
}
