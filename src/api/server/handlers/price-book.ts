// The price book: everybody may know it, operators set it, and what was in force is never changed.
import type { Static } from "typebox";
import type { DocumentKinds, Kept } from "../../../control/store-ports.ts";
import { success } from "../../../model/result.ts";
import { iso } from "../../../model/time.ts";
import type { PriceBook, priceBookRoutes } from "../../contract/price-book.ts";
import { refusedField, WHERE } from "../declared-forms.ts";
import type { Desks, Handlers } from "../handler.ts";
import { refusal } from "../refusals.ts";
import { writeOne } from "./documents.ts";

type Rows = typeof priceBookRoutes;

export function priceBookHandlers({ pricing }: Desks): Handlers<Rows> {
  const shown = ({ id, version, changedAt, value }: Kept<DocumentKinds["price-book"]>): Static<typeof PriceBook> => ({
    ...{ id, version, changedAt: iso(changedAt), ...pricing.showBook(value) },
  });
  return {
    async getPriceBook({ store }) {
      const found = await store.priceBook();
      if (!found.ok) return found;
      if (found.value === undefined) return noBook();
      return success({ body: shown(found.value), version: found.value.version });
    },
    async putPriceBook({ body, store, actor, precondition, now }) {
      const read = pricing.readBook(body, WHERE);
      if (!read.ok) return refusedField(read.error.message);
      const before = await store.priceBook();
      if (!before.ok) return before;
      const next = before.value ? pricing.followBook(before.value.value, { next: read.value, now }) : read;
      if (!next.ok) return next;
      // Tied to the book that was looked at: nobody's change slips in between.
      const seen = { kind: "version", version: before.value?.version ?? 0 } as const;
      const change = { kind: "price-book", id: "current", value: next.value } as const;
      const expected = precondition.kind === "none" ? seen : precondition;
      const written = await writeOne({ store, actor, precondition: expected }, change);
      if (!written.ok) return written;
      const { version } = written.value;
      return success({ body: shown(written.value), version, status: version === 1 ? 201 : 200 });
    },
  };
}

export function noBook() {
  return refusal("not-found", "There is no price book yet: an operator sets one with headroom price-book set FILE.");
}
