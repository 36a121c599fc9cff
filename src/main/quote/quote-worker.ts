// A quote in a worker thread: a history in, what each plan would cost out.
import { type Quote, type QuoteHistory, quotePlans } from "../../lab/quote/quote-plans.ts";
import type { Result } from "../../model/result.ts";

export function quoteInThread(history: QuoteHistory): Result<Quote> {
  return quotePlans(history);
}
