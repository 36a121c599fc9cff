// What the Customer page says: do I have what I will need?
import type { CustomerChart, Fan } from "../../api/contract/live.ts";
import type { Resource } from "../../model/resources.ts";
import type { SentenceParts } from "../parts/sentence.tsx";
import { amountText, amountWithUnit, isLimited, type Scale, shareText, timeSeenFrom } from "../units.ts";

/** A customer as one resource shows it. */
export interface ShownCustomer {
  readonly chart: CustomerChart;
  readonly resource: Resource;
  readonly scale: Scale;
}

export function customerSentence({ chart, resource, scale }: ShownCustomer): SentenceParts {
  const used = chart.used[resource].at(-1) ?? 0;
  const allowed = chart.allowed[resource].at(-1) ?? 0;
  const peak = likelyPeak(chart.forecast[resource]);
  const now = chart.at.at(-1) ?? 0;
  return [
    { mark: "used", text: amountWithUnit(used, scale) },
    " in use, ",
    { mark: "ready", text: amountText(allowed, scale) },
    " allowed.",
    ...(peak === undefined
      ? [" There is no forecast yet."]
      : ([
          " The coming peak needs ",
          { mark: "forecast", text: `about ${amountText(peak.amount, scale)}` },
          ` near ${timeSeenFrom(now, peak.at)}.`,
        ] as const)),
  ];
}

export function customerSecondSentence({ chart, resource, scale }: ShownCustomer): string {
  const used = sum(chart.used[resource]);
  const [fromBuffer, short] = [sum(chart.fromBuffer[resource]), sum(chart.short[resource])];
  const demand = used + short;
  const buffered =
    fromBuffer === 0
      ? "nothing came out of the buffer"
      : `${shareText(fromBuffer / demand)} of demand came out of the buffer`;
  const missing = short === 0 ? "nothing was short" : `${shareText(short / demand)} was short`;
  const ceiling = chart.ceiling[resource];
  const atMost = isLimited(ceiling) ? ` At most ${amountWithUnit(ceiling, scale)} may be used.` : "";
  return `In the last 24 h ${buffered} and ${missing}.${atMost}`;
}

interface Peak {
  readonly at: number;
  readonly amount: number;
}

/** The highest likely demand of the coming day; undefined while there is no forecast. */
function likelyPeak({ levels, at, quantiles }: Fan): Peak | undefined {
  const likely = levels.indexOf(0.5);
  let peak: Peak | undefined;
  for (const [tick, row] of quantiles.entries()) {
    const amount = row[likely] ?? 0;
    if (peak === undefined || amount > peak.amount) peak = { at: at[tick] ?? 0, amount };
  }
  return peak;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
