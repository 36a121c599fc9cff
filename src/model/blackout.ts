// A blackout: a stretch of time in which Headroom keeps its hands off, as its operator or a customer asked for.
import type { CellId, CustomerId, HostId } from "./fleet.ts";
import type { Instant } from "./time.ts";

/** Whom a change would touch: a VM or shadow VM always has cell and host. */
export interface Subject {
  readonly cell: CellId;
  readonly host: HostId;
  /** Left out for what belongs to nobody, as a shadow VM that serves none. */
  readonly customer?: CustomerId;
}

export type BlackoutScope =
  | { readonly kind: "everywhere" }
  | { readonly kind: "cell"; readonly cell: CellId }
  | { readonly kind: "host"; readonly host: HostId }
  | { readonly kind: "customer"; readonly customer: CustomerId };

export interface Blackout {
  readonly start: Instant;
  /** Exclusive. */
  readonly end: Instant;
  readonly scope: BlackoutScope;
  /** "taking-back": more is still given, nothing is taken. "any-change": not even more is given. */
  readonly forbids: "taking-back" | "any-change";
  /** In the words of whoever asked for it: "Black Friday", "host is being patched". */
  readonly reason: string;
}

/** The one that forbids most of those that hold for this subject at this time; undefined where none does. */
export function blackoutAt(blackouts: readonly Blackout[], subject: Subject, now: Instant): Blackout | undefined {
  const holding = blackouts.filter((each) => each.start <= now && now < each.end && covers(each.scope, subject));
  return holding.find(({ forbids }) => forbids === "any-change") ?? holding[0];
}

function covers(scope: BlackoutScope, subject: Subject): boolean {
  switch (scope.kind) {
    case "everywhere":
      return true;
    case "cell":
      return scope.cell === subject.cell;
    case "host":
      return scope.host === subject.host;
    case "customer":
      return scope.customer === subject.customer;
  }
}
