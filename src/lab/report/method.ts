// How the report was made: the command, what was repaired, what each word means, how to check it, where every policy is
// described.
import type { PolicyScore, Scorecard } from "../../model/scorecard.ts";
import { card } from "./card.ts";
import { html, type Markup } from "./markup.ts";
import { repairSentences } from "./repairs.ts";
import { roleOf, scoredResources } from "./verdict.ts";
import { count, duration } from "./words.ts";

export function repairsCard({ trace }: Scorecard): Markup {
  const sentences = repairSentences(trace.repairs).map((sentence) => html`<li>${sentence}</li>`);
  const body =
    sentences.length === 0
      ? html`<p>Nothing: every row was taken as it was.</p>`
      : html`<ul class="plain">${sentences}</ul>`;
  return card({
    title: "Repaired in the input",
    note: `${count(trace.repairs.rowsRead, "row")} read`,
    id: "repairs",
    body,
  });
}

export function methodCards(scorecard: Scorecard, command: string): Markup {
  return html`<section class="card" id="method"><div class="body columns"><div>
<h3>The command</h3><pre>${command}</pre>
<h3>The replay</h3>${replay(scorecard)}
<h3>Check it yourself</h3>${AUDIT}</div>
<div><h3>What the words mean</h3>${definitions()}</div></div></section>
${card({ title: "The policies and where they are described", id: "sources", body: sources(scorecard) })}`;
}

function replay({ trace }: Scorecard): Markup {
  const stepMs = trace.stepSeconds * 1000;
  const [trained, scored] = [duration(trace.trainedTicks * stepMs), duration(trace.scoredTicks * stepMs)];
  return html`<p>Recorded demand is played back in steps of ${duration(stepMs)}.
Each policy decides what the next step may use from samples before it; what then happens is scored.
The first ${trained} train, the last ${scored} are scored.
Every policy is run over its whole knob, so that all are compared at equal safety.
VMs share hosts of ${trace.hostSize} in the order of their names; nothing is placed by hand.</p>`;
}

const AUDIT = html`<p>With <code>--audit FILE</code> the same command writes the numbers that the score is made of,
as CSV: a row <code>time,host,vm,resource,demand,allocated</code> for each VM and interval,
and a row <code>time,host,,resource,excess,buffer</code> for each host.
Where a host's excess is above its buffer, every VM of it with demand above what it was allocated is short.
Count those, add up the columns, and the figures come out again, in a spreadsheet or ten lines of code.</p>`;

const WORDS: Readonly<Record<string, string>> = {
  "Intervals short":
    "Of all intervals of all VMs, the share with demand above the allocation (violations). With a buffer: in an " +
    "interval in which the host's excess is above its buffer, all of its VMs that are above their lease.",
  "Demand not served":
    "The share of the demanded volume that nothing covered (unserved). It shows what a count of intervals hides: few " +
    "but huge bursts that were left out.",
  "Served late":
    "The share of the demanded volume that came out of the host's buffer by the fast path: within the interval " +
    "rather than before it.",
  "Reserved for each unit used":
    "The sum of bases, leases and buffers over all intervals, divided by the sum of demand. 1 is the limit for a " +
    "policy that serves everything.",
  "Worst VMs":
    "The share of intervals short of single VMs: the one that 95 in 100 are better than, and the worst of all.",
  "Not used": "The share of what was reserved that nobody used (slack).",
  "Changes a day": "How often the allocation of a VM changes in a day, on average (churn).",
  Never: "No setting of the policy's knob brings it to that safety.",
};

function definitions(): Markup {
  return html`<dl>${Object.entries(WORDS).map(([word, meaning]) => html`<dt>${word}</dt><dd>${meaning}</dd>`)}</dl>`;
}

function sources(scorecard: Scorecard): Markup {
  const policies = new Map<string, PolicyScore>();
  for (const { score } of scoredResources(scorecard))
    for (const [name, policy] of Object.entries(score.policies)) if (!policies.has(name)) policies.set(name, policy);
  const rows = [...policies].map(
    ([name, { title, source, knobMeaning }]) => html`<div class="${roleOf(name)}"><dt>${title}</dt>
<dd>${source}<span class="note">knob: ${knobMeaning}</span></dd></div>`,
  );
  return html`<dl class="sources">${rows}</dl>`;
}
