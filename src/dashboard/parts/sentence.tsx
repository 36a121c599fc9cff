// The answer of a page in one sentence. A number in it wears the mark of its line in the chart below: the sentence is the legend.
import type { ReactNode } from "react";

/** Solid ink = used, thick teal = ready or allowed, dotted grey = fixed sizes, dashed violet = forecast. */
type SentenceMark = "used" | "ready" | "fixed" | "forecast";
type SentencePart = string | { readonly mark: SentenceMark; readonly text: string };
export type SentenceParts = readonly SentencePart[];

export function Sentence({ parts, as: Tag = "h1" }: { parts: SentenceParts; as?: "h1" | "p" }): ReactNode {
  return (
    <Tag className={Tag === "h1" ? "sentence" : "second-sentence"}>
      {parts.map((part, place) =>
        typeof part === "string" ? (
          part
        ) : (
          // Sentences keep the order of their parts, and a part keeps no state.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <b key={place} className={`marked marked-${part.mark}`}>
            {part.text}
          </b>
        ),
      )}
    </Tag>
  );
}

/** For titles and for who does not see the page. */
export function plainSentence(parts: SentenceParts): string {
  return parts.map((part) => (typeof part === "string" ? part : part.text)).join("");
}
