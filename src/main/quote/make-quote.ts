// A quote for the service, in a thread of its own that ends with it, so that nobody else waits. One at a time: it takes a processor.
import { Piscina } from "piscina";
import type { Quote, QuoteHistory } from "../../lab/quote/quote-plans.ts";
import { failure, type Result } from "../../model/result.ts";

let isBusy = false;

/** "unavailable" while another one is being made. */
export async function makeQuote(history: QuoteHistory): Promise<Result<Quote>> {
  if (isBusy) return failure("unavailable", "Another quote is being made: try again in a minute.");
  isBusy = true;
  const filename = new URL("./quote-worker.js", import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1 });
  try {
    return (await pool.run(history, { name: "quoteInThread" })) as Result<Quote>;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure("unavailable", `No quote can be made now: ${why}.`);
  } finally {
    isBusy = false;
    await pool.destroy();
  }
}
